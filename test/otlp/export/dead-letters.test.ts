import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { EncodedRecord } from "../../../src/model.ts";
import { createDeadLetters, type DeadLetters } from "../../../src/otlp/export/dead-letters.ts";
import { recordEncodings } from "../../../src/otlp/protocols.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { type Files, systemFiles } from "../../../src/runtime/files.ts";
import { systemRandom } from "../../../src/runtime/random.ts";
import type { MappingOptions } from "../../../src/slack/audit/mapping/record.ts";
import { createFaultyFiles } from "../../runtime/faulty-files.ts";
import { makeTemporaryFolder } from "../../runtime/temporary-folder.ts";
import { pageOf } from "../../support/both-ways.ts";
import { mapEntry } from "../../support/map-entry.ts";
import { opened, openPages, readOpened } from "../../support/open-page.ts";
import { fc } from "../../support/properties.ts";
import { makeRecord, makeRecords, readable, uidOf } from "../encoding/records.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");

async function makeDeadLetters(t: TestContext, files: Files = systemFiles) {
  const directory = path.join(await makeTemporaryFolder(t), "dead-letters");
  let now = NOON;
  const clock = { ...systemClock, now: () => now++ };
  return { directory, letters: createDeadLetters(directory, { files, random: systemRandom, clock }) };
}

async function write(letters: DeadLetters, records: readonly EncodedRecord[], why = "bad"): Promise<string> {
  const outcome = await letters.write("acme", records, why);
  assert.ok(outcome.status === "ok");
  return outcome.value;
}

/** Serializes a record with the SDK's serializer. */
const onTheWire = (record: EncodedRecord | ReadableLogRecord) =>
  Buffer.from(ProtobufLogsSerializer.serializeRequest([readable(record)]) ?? []).toString("hex");

test("write() keeps the records, the time and the reason", async (t) => {
  const { letters, directory } = await makeDeadLetters(t);
  const file = await write(letters, makeRecords(2), "The collector answered 400");
  assert.match(path.relative(directory, file), /^acme\/20260101T120000\.000Z-[0-9a-f]{8}\.ndjson$/);
  const read = await letters.read(file);
  assert.deepEqual(
    read.map(({ refusedAt, why }) => [refusedAt, why]),
    Array(2).fill(["2026-01-01T12:00:00.000Z", "The collector answered 400"]),
  );
  assert.deepEqual(
    read.map(({ record }) => onTheWire(record)),
    makeRecords(2).map(onTheWire),
  );
});

test("write() keeps hostile records", async (t) => {
  const { letters } = await makeDeadLetters(t);
  const key = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("__proto__", "constructor", "toString", "", "record", "resource"),
  );
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.constant("\ud800\n\u2028"),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, value, { noNullPrototype: true }), value, async (attributes, body) => {
      const record = makeRecord("1", { attributes, body } as Partial<ReadableLogRecord>);
      const [read] = await letters.read(await write(letters, [record]));
      assert.ok(read);
      assert.equal(JSON.stringify(read.record.attributes), JSON.stringify(attributes));
      assert.deepEqual(read.record.body, body);
      assert.equal(onTheWire(read.record), onTheWire(record));
    }),
    { numRuns: 40 },
  );
});

test("write() keeps a record without a body, and keys such as __proto__", async (t) => {
  const { letters } = await makeDeadLetters(t);
  const attributes = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"__proto__":["x"]}}');
  const record = makeRecord("1", { body: undefined, attributes });
  const [read] = await letters.read(await write(letters, [record]));
  assert.ok(read);
  assert.equal(onTheWire(read.record), onTheWire(record));
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

/** An entry that is transcoded, one that must be parsed, and one that is no object. */
const ENTRIES = [
  '{"id":"a","date_create":1760000000,"action":"user_login","context":{"ua":"x \\/ é","ip_address":"192.0.2.1"}}',
  '{"id":"b", "date_create":1760000001.5,"action":"file_shared","details":{"scopes":["a"],"new":{"deep":[1]}}}',
  "[1]",
];

test("write() keeps all of an encoded record after its buffers are overwritten", async (t) => {
  const { letters } = await makeDeadLetters(t);
  for (const encoding of Object.values(recordEncodings)) {
    for (const body of ["json", "none", "map"] as const) {
      const options: MappingOptions = { body, severity: [], scope: { name: "test", version: "1" }, preset: "ocsf" };
      const bytes = pageOf(ENTRIES);
      const page = await readOpened(opened(bytes, openPages({ ...options, encoding })));
      assert.ok(page.status === "ok");
      const records = page.value.entries;
      const file = await write(letters, records);
      bytes.fill(0);
      for (const record of records) record.bytes.fill(0);
      const expected = ENTRIES.map((text) => mapEntry(text, options));
      const kept = (await letters.read(file)).map(({ record }) => record);
      assert.deepEqual(kept.map(onTheWire), expected.map(onTheWire));
      assert.deepEqual(
        kept.map(({ hrTimeObserved, droppedAttributesCount }) => [hrTimeObserved, droppedAttributesCount]),
        expected.map(({ hrTimeObserved, droppedAttributesCount }) => [hrTimeObserved, droppedAttributesCount]),
      );
    }
  }
});

test("write() makes files and folders that only this user can read", async (t) => {
  const { letters, directory } = await makeDeadLetters(t);
  const file = await write(letters, makeRecords(1));
  const modes = await Promise.all(
    [directory, path.dirname(file), file].map(async (name) => (await stat(name)).mode & 0o777),
  );
  assert.deepEqual(modes, [0o700, 0o700, 0o600]);
});

test("write() holds when a call fails, lists no partial file, and succeeds once the disk works", async (t) => {
  for (const code of ["ENOSPC", "EACCES", "EIO"]) {
    for (let n = 0; ; n++) {
      const files = createFaultyFiles((_call, index) => (index === n ? code : undefined));
      const { letters, directory } = await makeDeadLetters(t, files);
      const records = makeRecords(3);
      const outcome = await letters.write("acme", records, "bad");
      if (outcome.status === "ok") break;
      assert.deepEqual(outcome, {
        status: "hold",
        why: `Cannot write dead letters to "${path.join(directory, "acme")}": ${code}`,
        remedy: "make room or give this user the right to write there: collection goes on by itself",
      });
      for (const file of await letters.list("acme")) assert.equal((await letters.read(file)).length, 3);
      await write(letters, records);
      assert.equal((await letters.list("acme")).length, 1);
      assert.deepEqual(
        (await readdir(path.join(directory, "acme"))).filter((name) => name.startsWith(".")),
        [],
      );
      assert.ok(n < 30);
    }
  }
});

test("list() is empty before the first dead letter", async (t) => {
  const { letters } = await makeDeadLetters(t);
  assert.deepEqual(await letters.list("acme"), []);
});

test("list() returns the files of one source, oldest first", async (t) => {
  const { letters, directory } = await makeDeadLetters(t);
  const files: string[] = [];
  for (const record of makeRecords(5)) files.push(await write(letters, [record]));
  await letters.write("other", makeRecords(1), "bad");
  await writeFile(path.join(directory, "acme", ".2026.ndjson.0123456789abcdef.tmp"), "half");
  await writeFile(path.join(directory, "acme", "README"), "");
  assert.deepEqual(await letters.list("acme"), files);
});

test("list() rejects when the folder cannot be read", async (t) => {
  const { letters } = await makeDeadLetters(
    t,
    createFaultyFiles(() => "EACCES"),
  );
  await assert.rejects(letters.list("acme"), { code: "EACCES" });
});

test("replace() keeps only the given letters, unchanged", async (t) => {
  const { letters } = await makeDeadLetters(t);
  const file = await write(letters, makeRecords(3));
  const before = (await readFile(file, "utf8")).split("\n");
  const [, second, third] = await letters.read(file);
  assert.ok(second && third);
  await letters.replace(file, [second, third]);
  assert.deepEqual((await readFile(file, "utf8")).split("\n"), before.slice(1));
  assert.deepEqual(
    (await letters.read(file)).map(({ record }) => uidOf(record)),
    ["1", "2"],
  );
});

test("remove() removes a file, and does nothing if there is none", async (t) => {
  const { letters } = await makeDeadLetters(t);
  const file = await write(letters, makeRecords(1));
  await letters.remove(file);
  await letters.remove(file);
  assert.deepEqual(await letters.list("acme"), []);
  assert.deepEqual(await letters.read(file), []);
});
