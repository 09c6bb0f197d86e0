import assert from "node:assert/strict";
import { link, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import { systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { type DurableFileOptions, durableFile } from "../../src/state/durable-file.ts";
import { createFaultyFiles } from "../runtime/faulty-files.ts";
import { makeTemporaryFolder } from "../runtime/temporary-folder.ts";
import { fc } from "../support/properties.ts";

const events: Event[] = [];
const open = (file: string, options: Partial<DurableFileOptions> = {}) =>
  durableFile<unknown>(file, {
    files: systemFiles,
    random: systemRandom,
    report: (event) => events.push(event),
    remedy: "restore it",
    ...options,
  });

/** Writes generation 1, then generation 2. */
async function makeTwoGenerations(folder: string): Promise<{ file: string; previous: string }> {
  const file = path.join(folder, "data.json");
  await open(file).write({ generation: 1 });
  await open(file).write({ generation: 2 });
  events.length = 0;
  return { file, previous: `${file}.previous` };
}

test("durableFile() reads null when there is no file", async (t) => {
  assert.equal(await open(path.join(await makeTemporaryFolder(t), "data.json")).read(), null);
});

test("durableFile() reads any JSON that it wrote", async (t) => {
  const file = path.join(await makeTemporaryFolder(t), "data.json");
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
      await open(file).write(value);
      assert.equal(JSON.stringify(await open(file).read()), JSON.stringify(value));
    }),
    { numRuns: 25 },
  );
});

test("durableFile() makes its files private, and leaves no others", async (t) => {
  const folder = await makeTemporaryFolder(t);
  await makeTwoGenerations(folder);
  assert.deepEqual((await readdir(folder)).sort(), ["data.json", "data.json.previous"]);
  for (const name of await readdir(folder)) assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600);
});

for (const [why, spoil] of [
  ["it is missing", rm],
  ["it is damaged: its checksum does not match", (file: string) => writeFile(file, "")],
] as const) {
  test(`durableFile() reads the previous generation, and reports it, when for the newest ${why}`, async (t) => {
    const { file } = await makeTwoGenerations(await makeTemporaryFolder(t));
    await spoil(file);
    assert.deepEqual(await open(file).read(), { generation: 1 });
    assert.deepEqual(events, [{ event: "checkpoint_recovered", file, why }]);
  });

  test(`durableFile() keeps the only good generation until a new one is saved, when for the newest ${why}`, async (t) => {
    for (let n = 0; ; n++) {
      const { file } = await makeTwoGenerations(await makeTemporaryFolder(t));
      await spoil(file);
      const files = createFaultyFiles();
      const adapter = open(file, { files });
      await adapter.read();
      const reads = files.calls.length;
      files.fail = (_call, index) => (index >= reads + n ? "ENOSPC" : undefined);
      const failed = await adapter.write({ generation: 3 }).then(
        () => false,
        () => true,
      );
      const { generation } = (await open(file).read()) as { generation: number };
      assert.ok(generation === 3 || (failed && generation === 1), `generation ${generation} after call ${n} failed`);
      if (!failed) break;
      assert.ok(n < 30);
    }
  });
}

test("durableFile() rejects when no generation is good, and names the file and the remedy", async (t) => {
  const { file, previous } = await makeTwoGenerations(await makeTemporaryFolder(t));
  const damaged = {
    name: "StateError",
    message: `Cannot read state file "${file}": it is damaged: its checksum does not match; restore it`,
  };
  await writeFile(previous, "{");
  await writeFile(file, "[]");
  await assert.rejects(async () => open(file).read(), damaged);
  await rm(file);
  await assert.rejects(async () => open(file).read(), damaged);
  await writeFile(file, "null");
  await rm(previous);
  await assert.rejects(async () => open(file).read(), damaged);
  assert.equal(await readFile(file, "utf8"), "null");
});

test("durableFile() rejects a file of a newer version, and leaves it unchanged", async (t) => {
  const { file } = await makeTwoGenerations(await makeTemporaryFolder(t));
  const newer = (await readFile(file, "utf8")).replace('"schema":1', '"schema":2');
  await writeFile(file, newer);
  const message = `Cannot read state file "${file}": a newer version wrote it (schema 2); install that version again`;
  await assert.rejects(async () => open(file).read(), { name: "StateError", message });
  assert.equal(await readFile(file, "utf8"), newer);
});

test("durableFile() rejects a file that this user cannot read, even if the previous generation is good", async (t) => {
  const { file } = await makeTwoGenerations(await makeTemporaryFolder(t));
  const files = createFaultyFiles(() => "EACCES");
  const message = `Cannot read state file "${file}": permission is denied (EACCES); give this user the right to read and write it, or set state.directory to another folder`;
  await assert.rejects(async () => open(file, { files }).read(), { name: "StateError", message });
});

test("durableFile() keeps the old or the new content when any call fails, and leaves no other file after the next write", async (t) => {
  for (const code of ["ENOSPC", "EIO", "EROFS"]) {
    for (let n = 0; ; n++) {
      const folder = await makeTemporaryFolder(t);
      const { file } = await makeTwoGenerations(folder);
      const files = createFaultyFiles((_call, index) => (index === n ? code : undefined));
      const adapter = open(file, { files });
      const failed = await adapter.write({ generation: 3 }).then(
        () => false,
        () => true,
      );
      const { generation } = (await open(file).read()) as { generation: number };
      assert.ok(
        generation === 3 || (failed && generation === 2),
        `generation ${generation} after call ${n} failed with ${code}`,
      );
      if (!failed) break;
      await adapter.write({ generation: 4 });
      assert.deepEqual(await open(file).read(), { generation: 4 });
      assert.deepEqual((await readdir(folder)).sort(), ["data.json", "data.json.previous"]);
      assert.ok(n < 30);
    }
  }
  assert.deepEqual(events, []);
});

test("durableFile() keeps one generation on a file system without links", async (t) => {
  const folder = await makeTemporaryFolder(t);
  for (const code of ["EPERM", "ENOTSUP", "EOPNOTSUPP"]) {
    const adapter = open(path.join(folder, "data.json"), {
      files: createFaultyFiles((call) => (call === "link" ? code : undefined)),
    });
    await adapter.write({ code });
    await adapter.write({ code, again: true });
    assert.deepEqual(await adapter.read(), { code, again: true });
  }
});

test("durableFile() writes in order, one at a time", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const adapter = open(path.join(folder, "data.json"));
  await Promise.all(Array.from({ length: 20 }, (_, generation) => adapter.write({ generation })));
  assert.deepEqual(await adapter.read(), { generation: 19 });
  await rm(path.join(folder, "data.json"));
  assert.deepEqual(await adapter.read(), { generation: 18 });
});

test("durableFile() writes again after a failed write", async (t) => {
  const file = path.join(await makeTemporaryFolder(t), "data.json");
  const adapter = open(file, { files: createFaultyFiles((_call, index) => (index === 0 ? "EIO" : undefined)) });
  const [first, second] = await Promise.allSettled([adapter.write(1), adapter.write(2)]);
  assert.deepEqual([first?.status, second?.status], ["rejected", "fulfilled"]);
  assert.equal(await adapter.read(), 2);
});

test("durableFile() keeps the previous generation when both names are the same file", async (t) => {
  const { file, previous } = await makeTwoGenerations(await makeTemporaryFolder(t));
  await rm(previous);
  await link(file, previous);
  await open(file).write({ generation: 3 });
  assert.deepEqual(await open(previous).read(), { generation: 2 });
});
