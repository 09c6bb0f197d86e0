import type { TestContext } from "node:test";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Event } from "../../src/events.ts";
import { type Clock, systemClock } from "../../src/runtime/clock.ts";
import { systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import type { StateOptions } from "../../src/state/state.ts";
import { makeTemporaryFolder } from "../runtime/temporary-folder.ts";

export const never = new AbortController().signal;

/** A clock whose waits end after one turn of the event loop. */
export const hastyClock: Clock = {
  ...systemClock,
  async sleep(_ms, signal) {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
};

/** Options to open the parts of a state folder, with real files in a temporary folder. */
export async function makeStateSetting(t: TestContext) {
  const directory = await makeTemporaryFolder(t);
  const events: Event[] = [];
  const report = (event: Event) => void events.push(event);
  const io = { files: systemFiles, random: systemRandom, report };
  const retryPolicy = { clock: hastyClock, random: seededRandom(1), report, probeMs: 10_000 };
  const options: StateOptions = {
    directory,
    encryptionKey: "",
    holder: "process 1 on host a",
    clock: hastyClock,
    ...io,
  };
  return { directory, events, io, retryPolicy, options };
}
