import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { openState } from "../../src/state/state.ts";
import { hastyClock, never } from "../state/state-setting.ts";
import { inLanes } from "./lanes.ts";
import { type Kind, type Line, pathsOf, type Saver, startSaver } from "./saving.ts";
import { attach, fileThreadOf, parseCalls, type SystemCall, whyNoStrace } from "./strace.ts";

const ERRORS = ["ENOSPC", "EIO", "EROFS", "EDQUOT", "EMFILE"];
const LANES = 3;
const timeout = 120_000;
const skip = whyNoStrace();

for (const kind of ["checkpoints", "grants", "dead-letters"] as const) {
  test(`state of ${kind} is old or new when its writer is killed at any system call of three saves`, {
    skip,
    timeout,
  }, async (t) => {
    const calls = await callsOf(kind);
    assert.ok(
      ["openat", "write", "fsync", "rename"].every((name) => calls.filter((call) => call.name === name).length >= 3),
    );
    let old = 0;
    await eachCall(calls, async (call) => {
      if (await killAt(call, kind)) old++;
    });
    t.diagnostic(
      `${kind}: killed at ${calls.length} system calls (${namesOf(calls)}): each time the state opened, ${old} times with the position before`,
    );
  });
}

test(
  "save of a position is retried when any of its system calls fails, and the file is intact all the time",
  {
    skip,
    timeout,
  },
  (t) => failEachCall("checkpoints", t),
);

test(
  "write of a dead letter is retried when any of its system calls fails",
  {
    skip,
    timeout,
  },
  (t) => failEachCall("dead-letters", t),
);

/** Makes each system call of three saves fail with each error, one at a time. */
async function failEachCall(kind: Kind, t: TestContext): Promise<void> {
  let calls: readonly SystemCall[] = [];
  const failures = await inLanes(ERRORS.length, { lanes: LANES, perRound: 1 }, async ({ index }) => {
    await using saver = await startSaver(kind);
    const error = ERRORS[index];
    // After the first three saves, all later ones make the same calls.
    await whileTraced(saver, kind);
    calls = parseCalls(await whileTraced(saver, kind));
    let troubles = 0;
    for (const call of calls) {
      const from = saver.lines.length;
      const inject = `${call.name}:error=${error}:when=${call.index}`;
      const seen = await whileTraced(saver, kind, inject);
      assert.match(seen, /INJECTED/, `${inject} in ${seen}`);
      const trouble = saver.lines.slice(from).filter(({ event }) => event === "retrying" || event === "held");
      if (kind === "checkpoints") {
        // A file whose statx fails is still removed.
        assert.ok(trouble.length > 0 || call.name === "statx", `${inject} was not noticed: ${seen}`);
        assertLiveFileGood(saver.lines.slice(from - 2), inject);
      }
      troubles += trouble.length;
    }
    const letters = path.join(saver.directory, kind, "acme");
    if (kind === "dead-letters") assert.equal(await countLetters(letters), savedBy(saver));
    return troubles;
  });
  const reports = failures.reduce((sum, count) => sum + count, 0);
  t.diagnostic(
    `${kind}: ${ERRORS.join(", ")} at each of ${calls.length} system calls (${namesOf(calls)}): ${reports} reports of a failed write, all written in the end`,
  );
}

/** Asserts that at each failure the file is intact, and holds the last saved position or the next. */
function assertLiveFileGood(lines: readonly Line[], inject: string): void {
  let saved = lines.find((line) => line.saved !== undefined)?.saved ?? 0;
  for (const line of lines) {
    saved = line.saved ?? saved;
    if (line.event !== "retrying") continue;
    const position = readPosition(line.live ?? "");
    assert.ok(position === saved || position === saved + 1, `${inject}: ${position} after ${saved} was saved`);
  }
}

/** Reads the documented format without the code under test. */
function readPosition(text: string): number {
  const { checksum, data } = JSON.parse(text);
  assert.equal(checksum, `sha256:${createHash("sha256").update(JSON.stringify(data)).digest("hex")}`);
  return data.positions.acme;
}

/** The system calls of the first three saves. */
async function callsOf(kind: Kind): Promise<readonly SystemCall[]> {
  await using saver = await startSaver(kind);
  return parseCalls(await whileTraced(saver, kind));
}

function eachCall(calls: readonly SystemCall[], play: (call: SystemCall) => Promise<void>): Promise<unknown> {
  return inLanes(calls.length, { lanes: LANES, perRound: 1 }, async ({ index }) => {
    const call = calls[index];
    if (call) await play(call);
  });
}

/** Kills a writer at this call. Returns whether the old value is still there. */
async function killAt({ name, index, text }: SystemCall, kind: Kind): Promise<boolean> {
  await using saver = await startSaver(kind);
  const seen = await whileTraced(saver, kind, `${name}:signal=KILL:when=${index}`).catch(String);
  assert.ok(!saver.lines.some(({ event }) => event === "done"), `it was not killed at ${text} but saw ${seen}`);
  const saved = savedBy(saver);
  const found = await readBack(kind, saver.directory);
  assert.ok(found === saved || found === saved + 1, `${found} is there after ${saved} was saved, killed at ${text}`);
  return found === saved;
}

/** Opens the state as the next process does, returns the stored number, and saves once more. */
async function readBack(kind: Kind, directory: string): Promise<number> {
  const io = { files: systemFiles, random: systemRandom, clock: hastyClock, report: () => {} };
  const state = await openState({ directory, encryptionKey: "", holder: "test", ...io });
  try {
    assert.deepEqual(
      (await readdir(directory)).filter((name) => name.endsWith(".tmp")),
      [],
    );
    const found =
      kind === "checkpoints"
        ? Number(state.checkpoints.load("acme") ?? 0)
        : kind === "grants"
          ? Number(state.grants.load("acme")?.token ?? 0)
          : await countLetters(path.join(directory, kind, "acme"));
    await state.checkpoints.save("acme", found, never);
    await state.grants.save("acme", { token: "next" });
    return found;
  } finally {
    await state.close();
  }
}

/** Counts the dead letters, and asserts that each is intact. */
async function countLetters(folder: string): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d.*\.ndjson$/.test(name));
  for (const [index, name] of names.sort().entries()) {
    const letter = JSON.parse(await readFile(path.join(folder, name), "utf8"));
    assert.equal(letter.record.attributes["log.record.uid"], String(index + 1));
  }
  return names.length;
}

/** The number of completed saves. */
function savedBy(saver: Saver): number {
  return saver.lines.filter(({ event }) => event === "saved").length;
}

async function saveThrice(saver: Saver): Promise<void> {
  const done = saver.lines.filter(({ event }) => event === "done").length;
  saver.go();
  await saver.until("done", done + 1);
}

/** Saves three times under strace, and returns its output. */
async function whileTraced(saver: Saver, kind: Kind, inject?: string): Promise<string> {
  await saver.until("ready");
  const detach = await attach(fileThreadOf(saver.pid), {
    paths: pathsOf(kind, saver.directory, savedBy(saver)),
    ...(inject && { inject }),
  });
  const saved = saveThrice(saver);
  await Promise.allSettled([saved]);
  const seen = await detach();
  await saved;
  return seen;
}

function namesOf(calls: readonly SystemCall[]): string {
  const counts = Map.groupBy(calls, ({ name }) => name);
  return [...counts].map(([name, { length }]) => `${name} ${length}`).join(", ");
}
