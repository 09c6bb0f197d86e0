import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startProgram } from "../process/program.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BUILDS = path.join(tmpdir(), "slack-audit-receiver-built");
const TSC = path.join(ROOT, "node_modules/.bin/tsc");
const STALE_MS = 86_400_000;

/**
 * Builds the program like its package, once per state of the sources, and returns the command that runs it. Processes that
 * build at the same time keep the first finished build.
 */
export async function build(): Promise<readonly string[]> {
  const target = path.join(BUILDS, fingerprint());
  const command = [process.execPath, path.join(target, "dist/main.js")];
  if (!existsSync(target)) {
    await mkdir(BUILDS, { recursive: true });
    await removeStale();
    const made = await mkdtemp(path.join(BUILDS, "making-"));
    const args = ["-p", path.join(ROOT, "tsconfig.build.json"), "--outDir", path.join(made, "dist"), "--noCheck"];
    await promisify(execFile)(TSC, args);
    await cp(path.join(ROOT, "package.json"), path.join(made, "package.json"));
    await symlink(path.join(ROOT, "node_modules"), path.join(made, "node_modules"));
    await rename(made, target).catch(() => rm(made, { recursive: true, force: true }));
    // Fills the compile cache: a process that is killed early cannot.
    await startProgram(["--version"], { cwd: target, command }).ended;
  }
  return command;
}

function fingerprint(): string {
  const hash = createHash("sha256").update(ROOT);
  const names = globSync("src/**/*.{ts,json}", { cwd: ROOT }).sort();
  for (const name of [...names, "tsconfig.json", "tsconfig.build.json", "package.json"]) {
    hash.update(name).update(readFileSync(path.join(ROOT, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Removes the builds of earlier sources. */
async function removeStale(): Promise<void> {
  for (const name of await readdir(BUILDS)) {
    const found = await stat(path.join(BUILDS, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > STALE_MS) {
      await rm(path.join(BUILDS, name), { recursive: true, force: true });
    }
  }
}
