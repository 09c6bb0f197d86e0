import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { createEntryMaker } from "../../../src/demo/entries/entry-maker.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import { decodeProtobuf } from "../../../src/demo/sink/protobuf.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import { encodeRecord } from "../../../src/otlp/encoding/encode-record.ts";
import { createProtobufLogsSerializer } from "../../../src/otlp/encoding/protobuf/logs-serializer.ts";
import { protobufEncoding } from "../../../src/otlp/encoding/protobuf/record-encoding.ts";
import { mapEntry } from "../../support/map-entry.ts";
import { fc } from "../../support/properties.ts";
import { anyRecord } from "./any-record.ts";
import { makeReadable } from "./records.ts";

const serializer = createProtobufLogsSerializer();
const encode = (record: ReadableLogRecord) => encodeRecord(record, protobufEncoding);

/** Asserts that our request decodes to the same values as the SDK's. */
function assertSame(records: ReadableLogRecord[]): void {
  const ours = serializer.serializeRequest(records.map(encode));
  const theirs = ProtobufLogsSerializer.serializeRequest(records);
  assert.ok(ours && theirs);
  assert.deepEqual(decodeProtobuf(ours), decodeProtobuf(theirs));
}

test("createProtobufLogsSerializer() writes the same values as the SDK's serializer, for any record", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 4 }), (records) => assertSame(records)),
    { numRuns: 1_500 },
  );
});

test("createProtobufLogsSerializer() agrees with the SDK's serializer on every kind of entry", () => {
  const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  const records = Array.from({ length: 1_000 }, (_, index) => mapEntry(JSON.stringify(make(1_767_268_800 + index))));
  assertSame(records);
});

test("createProtobufLogsSerializer() groups records by their resource", () => {
  const other = resourceFromAttributes({ "service.name": "slack", "slack.audit.source": "other" });
  assertSame([makeReadable("1"), makeReadable("2", { resource: other }), makeReadable("3")]);
  assertSame([]);
});

test("createProtobufLogsSerializer() grows for records that are larger than a first request", () => {
  const long = "ü".repeat(3_000_000);
  assertSame([makeReadable("1", { body: long }), makeReadable("2", { attributes: { long, short: "s" } })]);
});
