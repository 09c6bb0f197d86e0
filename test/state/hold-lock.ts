import { systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { acquireLock } from "../../src/state/lock.ts";

// Runs as a process for lock.test.ts: locks a folder, prints the outcome, and holds the lock until it is killed.

const [, , directory = "", holder = ""] = process.argv;
try {
  await acquireLock(directory, { files: systemFiles, random: systemRandom, report: () => {}, holder });
  process.stdout.write("held\n");
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`);
}
