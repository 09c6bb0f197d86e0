import assert from "node:assert/strict";
import { test } from "node:test";
import { splitIntoBatches } from "../../../src/otlp/export/batch.ts";
import { fc } from "../../support/properties.ts";
import { makeRecord, makeRecords } from "../encoding/records.ts";

test("splitIntoBatches() keeps every record in order, and makes no batch empty or too long", () => {
  const cases = fc.record({
    lengths: fc.array(fc.nat(5_000)),
    maxRecords: fc.integer({ min: 1, max: 10 }),
    maxBytes: fc.nat(20_000),
  });
  fc.assert(
    fc.property(cases, ({ lengths, ...limits }) => {
      const records = lengths.map((length, index) => makeRecord(String(index), { body: "x".repeat(length) }));
      const batches = splitIntoBatches(records, limits);
      assert.deepEqual(
        batches.flatMap((batch) => batch.records),
        records,
      );
      assert.ok(batches.every((batch) => batch.records.length > 0 && batch.records.length <= limits.maxRecords));
    }),
  );
});

test("splitIntoBatches() makes as few batches as the limits allow", () => {
  const sizes = (count: number, maxRecords: number) =>
    splitIntoBatches(makeRecords(count), { maxRecords, maxBytes: 1e9 }).map(({ records }) => records.length);
  assert.deepEqual(sizes(0, 500), []);
  assert.deepEqual(sizes(500, 500), [500]);
  assert.deepEqual(sizes(1_001, 500), [500, 500, 1]);
});

test("splitIntoBatches() puts large records into smaller batches, and the largest into a batch of its own", () => {
  const limits = { maxRecords: 500, maxBytes: 100_000 };
  const of = (length: number) =>
    splitIntoBatches(
      Array.from({ length: 10 }, () => makeRecord("", { body: "x".repeat(length) })),
      limits,
    ).length;
  assert.deepEqual([of(100), of(30_000), of(1_000_000)], [1, 4, 10]);
});
