import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyValue } from "@opentelemetry/api";
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { createEntryMaker } from "../../src/demo/entries.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { decodeProtobuf } from "../../src/demo/sink/protobuf.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";
import type { LogRecord } from "../../src/model.ts";
import { createProtobufLogsSerializer } from "../../src/otlp/protobuf/logs-serializer.ts";
import { mapEntry } from "../support/map-entry.ts";
import { fc } from "../support/properties.ts";
import { makeRecord } from "./records.ts";

const serializer = createProtobufLogsSerializer();

/** The SDK's own serializer is the measure. */
function assertSame(records: LogRecord[]): void {
  const ours = serializer.serializeRequest(records);
  const theirs = ProtobufLogsSerializer.serializeRequest(records);
  assert.ok(ours && theirs);
  assert.deepEqual(decodeProtobuf(ours), decodeProtobuf(theirs));
}

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 60 }));
const anyValue = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.constantFrom(null, 0, -1, 127, 128, 2 ** 31, 2 ** 53, -(2 ** 63), 2 ** 63, 1e300),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ) as fc.Arbitrary<AnyValue>,
})).value;

const anyRecord = fc
  .record({
    body: fc.option(anyValue, { nil: undefined }),
    attributes: fc.dictionary(text, anyValue as fc.Arbitrary<never>),
    eventName: text,
    severityNumber: fc.nat(24),
    hrTime: fc.tuple(fc.nat(9_999_999_999), fc.nat(999_999_999)),
  })
  .map(({ body, ...more }) => makeRecord("1", { ...more, ...(body !== undefined && { body }) } as Partial<LogRecord>));

test("createProtobufLogsSerializer() decodes to what the SDK's serializer decodes to, whatever the record", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 4 }), (records) => assertSame(records)),
    { numRuns: 3_000 },
  );
});

test("createProtobufLogsSerializer() agrees with the SDK's on every kind of entry", () => {
  const make = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  const records = Array.from({ length: 3_000 }, (_, index) => mapEntry(JSON.stringify(make(1_767_268_800 + index))));
  assertSame(records);
});

test("createProtobufLogsSerializer() parts records by their resource", () => {
  const other = resourceFromAttributes({ "service.name": "slack", "slack.audit.source": "other" });
  assertSame([makeRecord("1"), makeRecord("2", { resource: other }), makeRecord("3")]);
  assertSame([]);
});

test("createProtobufLogsSerializer() grows for what is larger than it expects", () => {
  const long = "ü".repeat(3_000_000);
  assertSame([makeRecord("1", { body: long }), makeRecord("2", { attributes: { long, short: "s" } })]);
});
