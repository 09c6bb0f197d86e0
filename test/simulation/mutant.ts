import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** A rule of the protocol, broken by one edit of the real source. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test that must notice, where the simulation cannot. */
  readonly test?: string;
}

export interface Hunted {
  /** So many schedules, or a test. */
  readonly hunters: string;
  /** What the mutant broke; undefined where it survived. */
  readonly property?: string;
}

const PROJECT = path.resolve(import.meta.dirname, "../..");
const LONGEST_HUNT_MS = 300_000;

/**
 * Simulates a copy of the project in which the edit is made, in a process of its own, up to so many schedules; or runs the
 * mutant's test there.
 */
export async function hunt({ file, find, replace, test }: Mutant, schedules: number): Promise<Hunted> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "mutant-"));
  try {
    for (const part of ["package.json", "src", ...(test ? ["test"] : ["test/simulation", "test/support"])]) {
      await cp(path.join(PROJECT, part), path.join(folder, part), { recursive: true });
    }
    await symlink(path.join(PROJECT, "node_modules"), path.join(folder, "node_modules"));
    const source = path.join(folder, file);
    const parts = (await readFile(source, "utf8")).split(find);
    if (parts.length !== 2) throw new Error(`Cannot mutate ${file}: found ${parts.length - 1} times: ${find}`);
    await writeFile(source, parts.join(replace));
    return test ? await testIn(folder, test) : await simulateIn(folder, schedules);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function simulateIn(folder: string, schedules: number): Promise<Hunted> {
  const script = path.join(folder, "test/simulation/hunt.ts");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, String(schedules)], { timeout: LONGEST_HUNT_MS }, (error, stdout, stderr) => {
      if (error?.killed) resolve({ hunters: `${schedules} schedules`, property: "the run ends (it had to be killed)" });
      else if (error) reject(new Error(stderr));
      else {
        const { schedules: tried, property } = JSON.parse(stdout);
        resolve({ hunters: `${tried} schedules`, property });
      }
    });
  });
}

/** Which tests of a file fail, in TAP. */
function testIn(folder: string, file: string): Promise<Hunted> {
  const args = ["--test", "--test-reporter=tap", path.join(folder, file)];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: LONGEST_HUNT_MS, maxBuffer: 1 << 28 }, (_error, stdout) => {
      const [, failed] = /^not ok \d+ - (.*)$/m.exec(stdout) ?? [];
      resolve({ hunters: path.basename(file), ...(failed !== undefined && { property: failed }) });
    });
  });
}
