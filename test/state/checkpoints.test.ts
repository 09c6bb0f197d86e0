import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Files } from "../../src/runtime/files.ts";
import { openCheckpoints } from "../../src/state/checkpoints.ts";
import { createFaultyFiles } from "../runtime/faulty-files.ts";
import { makeStateSetting, never } from "./state-setting.ts";

async function makeCheckpoints(t: TestContext) {
  const { directory, events, io, retryPolicy } = await makeStateSetting(t);
  const open = (files: Files = io.files) => openCheckpoints(directory, { ...io, files, retryPolicy });
  return { file: path.join(directory, "checkpoints.json"), directory, events, open };
}

test("load() returns undefined before the first save", async (t) => {
  const { open, directory } = await makeCheckpoints(t);
  const checkpoints = await open();
  for (const source of ["acme", "toString", "__proto__"]) assert.equal(checkpoints.load(source), undefined);
  assert.deepEqual(await readdir(directory), []);
});

test("save() keeps each source's last position for the next start", async (t) => {
  const { open } = await makeCheckpoints(t);
  const checkpoints = await open();
  await checkpoints.save("acme", { through: 1 }, never);
  await checkpoints.save("other", { through: 5, seen: ["a"] }, never);
  await checkpoints.save("acme", { through: 2 }, never);
  for (const each of [checkpoints, await open()]) {
    assert.deepEqual(each.load("acme"), { through: 2 });
    assert.deepEqual(each.load("other"), { through: 5, seen: ["a"] });
  }
});

test("save() resolves when its position is on the disk", async (t) => {
  const { open } = await makeCheckpoints(t);
  const checkpoints = await open();
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      await checkpoints.save(`source ${index}`, index, never);
      assert.equal((await open()).load(`source ${index}`), index);
    }),
  );
});

test("save() does not rely on a write that began before it", async (t) => {
  const { open } = await makeCheckpoints(t);
  let later: Promise<void> | undefined;
  const files = createFaultyFiles((call) => {
    if (call === "rename") later ??= checkpoints.save("other", 2, never);
    return undefined;
  });
  const checkpoints = await open(files);
  await checkpoints.save("acme", 1, never);
  await later;
  assert.equal((await open()).load("other"), 2);
});

test("save() writes many waiting positions at once, and keeps the last", async (t) => {
  const { open } = await makeCheckpoints(t);
  const files = createFaultyFiles();
  const checkpoints = await open(files);
  files.calls.length = 0;
  await Promise.all(Array.from({ length: 100 }, (_, through) => checkpoints.save("acme", through, never)));
  assert.equal((await open()).load("acme"), 99);
  const writes = files.calls.filter((call) => call === "rename").length;
  assert.ok(writes <= 2, `${writes} writes`);
});

test("save() retries until the disk recovers, whichever call fails, and reports it", async (t) => {
  for (const call of ["open", "writeFile", "sync", "close", "rename"]) {
    const { open, file, events } = await makeCheckpoints(t);
    let failures = 5;
    const checkpoints = await open(
      createFaultyFiles((called) => (called === call && failures-- > 0 ? "ENOSPC" : undefined)),
    );
    await checkpoints.save("acme", 1, never);
    assert.equal((await open()).load("acme"), 1);
    assert.deepEqual(
      events.map(({ event }) => event),
      [...Array(5).fill("retrying"), "resumed"],
    );
    const [first] = events;
    assert.ok(first?.event === "retrying" && first.source === "acme" && first.target === "state");
    assert.equal(first.why, `Cannot write "${file}": ENOSPC`);
  }
});

test("save() rejects when the signal aborts, and only then", async (t) => {
  const { open, events } = await makeCheckpoints(t);
  const stop = new AbortController();
  const reason = new Error("killed");
  const checkpoints = await open(
    createFaultyFiles((call) => {
      if (events.length === 50) stop.abort(reason);
      return call === "rename" ? "EROFS" : undefined;
    }),
  );
  await assert.rejects(checkpoints.save("acme", 1, stop.signal), reason);
  assert.equal(events.length, 50);
  assert.equal((await open()).load("acme"), undefined);
});

test("save() of one source continues after another's is aborted", async (t) => {
  const { open } = await makeCheckpoints(t);
  const stop = new AbortController();
  const files = createFaultyFiles((call) => {
    if (call !== "rename" || stop.signal.aborted) return undefined;
    stop.abort(new Error("killed"));
    return "EIO";
  });
  const checkpoints = await open(files);
  const given = checkpoints.save("acme", 1, stop.signal);
  const kept = checkpoints.save("other", 2, never);
  await assert.rejects(given, { message: "killed" });
  await kept;
  assert.equal((await open()).load("other"), 2);
});

test("openCheckpoints() rejects with a remedy when no generation can be read", async (t) => {
  const { open, file } = await makeCheckpoints(t);
  await (await open()).save("acme", 1, never);
  await writeFile(file, (await readFile(file, "utf8")).slice(1));
  await assert.rejects(open(), {
    name: "StateError",
    message: `Cannot read state file "${file}": it is damaged: its checksum does not match; restore it and "${file}.previous" from a backup, or move both away and run: slack-audit-receiver rewind --source NAME --to TIME`,
  });
});

test("openCheckpoints() rejects an intact file without positions, and leaves it unchanged", async (t) => {
  const { open, file, directory } = await makeCheckpoints(t);
  for (const data of [null, [], 7, "x", {}, { positions: [] }, { positions: null }, { positions: "x" }]) {
    const text = JSON.stringify(data);
    const checksum = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    const whole = `{"schema":1,"checksum":"${checksum}","data":${text}}`;
    await writeFile(file, whole);
    await assert.rejects(open(), (error: Error) => {
      assert.equal(error.name, "StateError", text);
      assert.match(
        error.message,
        /holds no positions by the names of sources; restore it .* rewind --source NAME --to TIME$/,
      );
      return true;
    });
    assert.equal(await readFile(file, "utf8"), whole);
    assert.deepEqual(await readdir(directory), ["checkpoints.json"]);
  }
});
