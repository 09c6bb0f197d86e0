import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** A folder with all that is measured and measures, as plain JavaScript; gone at the end. */
export interface Workshop extends AsyncDisposable {
  readonly folder: string;
  /** The files to run. */
  readonly daemon: string;
  readonly stock: string;
  readonly floor: string;
  readonly slack: string;
  readonly sink: string;
  /** The file to load before each contestant. */
  readonly meter: string;
}

const ROOT = path.resolve(import.meta.dirname, "../..");

/**
 * Sets it up. The daemon is a copy of the build, so that building meanwhile changes nothing; the rest is compiled, for a process
 * that strips types itself has 18 MiB more resident.
 */
export async function setUpWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(path.join(tmpdir(), "slack-audit-receiver-bench-"));
  const compiled = path.join(folder, "compiled");
  const tsc = path.join(ROOT, "node_modules/.bin/tsc");
  const options = ["--noEmit", "false", "--noCheck", "--rootDir", ROOT, "--outDir", compiled];
  await promisify(execFile)(tsc, ["-p", ROOT, ...options]);
  await cp(path.join(ROOT, "dist"), path.join(folder, "dist"), { recursive: true });
  await cp(path.join(ROOT, "package.json"), path.join(folder, "package.json"));
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  const bench = (name: string) => path.join(compiled, "test/bench", `${name}.js`);
  return {
    folder,
    daemon: path.join(folder, "dist/main.js"),
    stock: bench("stock"),
    floor: bench("floor"),
    slack: bench("slack-process"),
    sink: bench("sink-process"),
    meter: bench("meter"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
