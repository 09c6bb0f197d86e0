import { systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { acquireLock } from "../../src/state/lock.ts";

// A process of its own, for lock.test.ts: takes the lock of a folder, says how that went, and holds it until it is killed.

const [, , directory = "", holder = ""] = process.argv;
try {
  await acquireLock(directory, { files: systemFiles, random: systemRandom, report: () => {}, holder });
  process.stdout.write("held\n");
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`);
}
