import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { DecodedRecord } from "../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../src/demo/sink/json.ts";
import { decodeProtobuf } from "../../src/demo/sink/protobuf.ts";
import type { GrowableBuffer } from "../../src/encoding.ts";
import type { EncodedRecord } from "../../src/model.ts";
import { createJsonLogsSerializer } from "../../src/otlp/encoding/json/logs-serializer.ts";
import { createProtobufLogsSerializer } from "../../src/otlp/encoding/protobuf/logs-serializer.ts";
import { type Protocol, recordEncodings } from "../../src/otlp/protocols.ts";
import type { DecodedEntry } from "../../src/slack/audit/decode/decoded-entry.ts";
import { toEntryKey } from "../../src/slack/audit/decode/entry-key.ts";
import { createTranscoder } from "../../src/slack/audit/decode/transcode/transcode.ts";
import { type Entry, parseEntry } from "../../src/slack/audit/entry.ts";
import type { PresetName } from "../../src/slack/audit/mapping/presets/presets.ts";
import {
  createMapping,
  createToRecord,
  hasMappingError,
  type MappingOptions,
} from "../../src/slack/audit/mapping/record.ts";
import { ARRIVED_AT_MS, RESOURCE } from "./map-entry.ts";
import { opened, openPages, readOpened } from "./open-page.ts";

/** Our serializer, the SDK's, the decoder for both, and a size that grows if a field is written twice. */
const WIRES = {
  "http/protobuf": {
    createSerializer: createProtobufLogsSerializer,
    sdk: ProtobufLogsSerializer,
    decode: decodeProtobuf,
    sizeOf: (request: Uint8Array) => request.length,
  },
  "http/json": {
    createSerializer: createJsonLogsSerializer,
    sdk: JsonLogsSerializer,
    decode: decodeJson,
    sizeOf: (request: Uint8Array) => Buffer.from(request).toString().split('"body":').length,
  },
} as const;

/** The options that change a record's bytes. */
export interface Chosen extends Required<Pick<MappingOptions, "preset" | "body" | "description">> {
  readonly protocol: Protocol;
}

const PRESETS: readonly PresetName[] = ["otel", "ecs", "ocsf"];

/** All combinations of these options. */
export const CHOICES: readonly Chosen[] = (Object.keys(WIRES) as Protocol[]).flatMap((protocol) =>
  PRESETS.flatMap((preset) =>
    (["json", "none", "map"] as const).flatMap((body) =>
      [true, false].map((description) => ({ protocol, preset, body, description })),
    ),
  ),
);

/** Compares the reader, which transcodes where it can, with mapping and the SDK's serializer, under one choice. */
export interface Comparison {
  /** Asserts that both give the same records. Resolves to false where one of the entries is not JSON. */
  assertSame(texts: readonly string[]): Promise<boolean>;
  /** The same for a page with any bytes. */
  assertSamePage(page: Buffer): Promise<boolean>;
  /** Reports whether an entry is transcoded. */
  isTranscoded(text: string): boolean;
}

const CONTEXT = { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS };
const LONG = 20_000;
/** One of so many records is decoded: that costs as much as mapping its entry again. */
const DECODED_SHARE = 5;

export function createComparison({ protocol, ...chosen }: Chosen): Comparison {
  const options: MappingOptions = { ...chosen, severity: [["file_*", 17]], scope: { name: "test", version: "1" } };
  const encoding = recordEncodings[protocol];
  const { createSerializer, sdk, decode, sizeOf } = WIRES[protocol];
  const reported = { ours: new Set<string>(), theirs: new Set<string>() };
  const reportTo = (set: Set<string>) => ({
    reportUnknown: (kind: string, name: string) => void set.add(`${kind} ${name}`),
  });
  const openPage = openPages({ ...options, encoding, ...reportTo(reported.ours) });
  const toRecord = createToRecord(createMapping({ ...options, ...reportTo(reported.theirs) }));
  const transcode = createTranscoder(createMapping(options), encoding);
  const serializer = createSerializer();
  const tail = encoding.encodeTail({ hrTimeObserved: [0, 0] });
  let compared = 0;

  return {
    assertSame: (texts) => assertSamePage(pageOf(texts)),
    assertSamePage,
    isTranscoded(text) {
      const [tight, roomy] = [transcoded(text, 1), transcoded(text, 100_000)];
      assert.ok(isDeepStrictEqual(tight, roomy), "the bytes depend on the size of the buffer");
      return tight !== undefined;
    },
  };

  /** Transcodes an entry with other bytes around it, into a buffer of this size at first. */
  function transcoded(text: string, room: number): Buffer | undefined {
    const buffer: GrowableBuffer = { bytes: Buffer.allocUnsafeSlow(room), length: 0 };
    const bytes = Buffer.from(`"}${text},"`);
    const transcoded = transcode({ bytes, from: 2 }, { buffer, tail });
    return transcoded?.to === bytes.length - 2 ? buffer.bytes.subarray(0, buffer.length) : undefined;
  }

  async function assertSamePage(body: Buffer): Promise<boolean> {
    const before = reported.theirs.size;
    const page = await readOpened(opened(body, openPage));
    if (page.status !== "ok") {
      assert.throws(() => JSON.parse(body.toString()), SyntaxError);
      return false;
    }
    const { entries } = page.value;
    const theirs = entries.map((entry) => {
      const parsed = parseEntry(entry.entry.bytes.toString("utf8", entry.entry.from, entry.entry.to));
      const record = toRecord(parsed, CONTEXT);
      assertSameEntry(entry, parsed, record);
      return record;
    });
    // A set keeps the order of insertion.
    const unreported = [...reported.theirs].slice(before).filter((name) => !reported.ours.has(name));
    assert.deepEqual(unreported, [], "an unknown name is not reported");
    assertSameRecords(entries, theirs);
    return true;
  }

  function assertSameRecords(ours: readonly EncodedRecord[], theirs: ReadableLogRecord[]): void {
    const request = serializer.serializeRequest([...ours]);
    const sdkRequest = sdk.serializeRequest(theirs);
    assert.ok(request && sdkRequest);
    assert.ok(sizeOf(request) <= sizeOf(sdkRequest), "a field is written twice");
    const decoded = decode(request);
    const expected = decode(sdkRequest);
    serializer.release(request);
    assert.equal(decoded.length, expected.length);
    for (const [index, record] of expected.entries()) {
      assertSameDecoded(decoded[index], record);
      if (compared++ % DECODED_SHARE === 0) assertSameFields(ours[index], theirs[index]);
    }
  }
}

/** A page of Slack's with these entries. */
export function pageOf(texts: readonly string[]): Buffer {
  return Buffer.from(`{"entries":[${texts.join()}],"response_metadata":{"next_cursor":""}}`);
}

function keyOf(id: string): string {
  const bytes = Buffer.from(id);
  return toEntryKey({ bytes, from: 0, to: bytes.length });
}

function assertSameEntry(read: DecodedEntry, { id, action, date }: Entry, record: ReadableLogRecord): void {
  assert.deepEqual([read.key, read.action, read.date], [keyOf(id), action, date]);
  assert.equal(read.hasMappingError, hasMappingError(record));
}

/** Compares the order first: its failure shows which attribute is missing. */
function assertSameDecoded(ours: DecodedRecord | undefined, theirs: DecodedRecord): void {
  assert.ok(ours);
  if (isDeepStrictEqual(ours, theirs)) return;
  assert.deepEqual(ours.attributeKeys, theirs.attributeKeys);
  // The difference of long texts takes minutes to show.
  assert.ok(String(theirs.body).length < LONG, "long records differ");
  assert.deepEqual(ours, theirs);
}

const FIELDS = [
  "hrTime",
  "hrTimeObserved",
  "severityNumber",
  "severityText",
  "eventName",
  "attributes",
  "body",
  "droppedAttributesCount",
  "resource",
  "instrumentationScope",
] as const satisfies readonly (keyof ReadableLogRecord)[];

/** An encoded record decodes to the record of the mapping. */
function assertSameFields(ours: EncodedRecord | undefined, theirs: ReadableLogRecord | undefined): void {
  const decoded = ours?.page.decode(ours);
  for (const field of FIELDS) assert.deepEqual(decoded?.[field], theirs?.[field], field);
}
