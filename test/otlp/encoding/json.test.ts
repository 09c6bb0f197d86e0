import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { encodeRecord } from "../../../src/otlp/encoding/encode-record.ts";
import { createJsonLogsSerializer } from "../../../src/otlp/encoding/json/logs-serializer.ts";
import { jsonEncoding } from "../../../src/otlp/encoding/json/record-encoding.ts";
import { fc } from "../../support/properties.ts";
import { anyRecord } from "./any-record.ts";
import { makeReadable } from "./records.ts";

const serializer = createJsonLogsSerializer();
const encode = (record: ReadableLogRecord) => encodeRecord(record, jsonEncoding);

/** Asserts that our request decodes to the same values as the SDK's, which writes an empty body for a record without one. */
function assertSame(records: ReadableLogRecord[]): void {
  const ours = serializer.serializeRequest(records.map(encode));
  const theirs = JsonLogsSerializer.serializeRequest(records);
  assert.ok(ours && theirs);
  assert.deepEqual(parse(ours), parse(theirs));
  serializer.release(ours);
}

function parse(request: Uint8Array): unknown {
  return JSON.parse(Buffer.from(request).toString(), (key, value) =>
    key === "body" && Object.keys(value).length === 0 ? undefined : value,
  );
}

test("createJsonLogsSerializer() writes what the SDK's serializer writes, for any record", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 4 }), (records) => assertSame(records)),
    { numRuns: 500 },
  );
});

test("createJsonLogsSerializer() groups records by their resource", () => {
  const other = resourceFromAttributes({ "service.name": "slack", '"logRecords":[': '"logRecords":[' });
  assertSame([makeReadable("1"), makeReadable("2", { resource: other }), makeReadable("3")]);
  assertSame([makeReadable("1", { resource: resourceFromAttributes({}) })]);
  assertSame([]);
});

test("createJsonLogsSerializer() writes no body for a record without one", () => {
  const records = [makeReadable("1", { body: undefined }), makeReadable("2", { body: null }), makeReadable("3")];
  assertSame(records);
  assert.doesNotMatch(
    Buffer.from(serializer.serializeRequest(records.slice(0, 1).map(encode)) ?? []).toString(),
    /"body"/,
  );
});

test("createJsonLogsSerializer() grows for records that are larger than a first request", () => {
  const long = "ü".repeat(1_000_000);
  assertSame([makeReadable("1", { body: long }), makeReadable("2", { attributes: { long, short: "s" } })]);
});
