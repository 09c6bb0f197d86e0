import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { DecodedRecord } from "../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../src/demo/sink/json.ts";
import { decodeProtobuf } from "../../src/demo/sink/protobuf.ts";
import type { LogRecord, Output } from "../../src/model.ts";
import { type ExporterOptions, recordEncodings } from "../../src/otlp/exporter.ts";
import { createJsonLogsSerializer } from "../../src/otlp/json/logs-serializer.ts";
import { createProtobufLogsSerializer } from "../../src/otlp/protobuf/logs-serializer.ts";
import { type Entry, parseEntry } from "../../src/slack/audit/entry.ts";
import { toEntryKey } from "../../src/slack/audit/entry-key.ts";
import type { EntryRead } from "../../src/slack/audit/lazy-record.ts";
import type { PresetName } from "../../src/slack/audit/mapping/presets.ts";
import { createMapping, createToRecord, hasMappingError, type MappingOptions } from "../../src/slack/audit/record.ts";
import { createTranscode } from "../../src/slack/audit/transcode/transcode.ts";
import { ARRIVED_AT_MS, RESOURCE } from "./map-entry.ts";
import { opened, openPages, readOpened } from "./open-page.ts";

type Protocol = ExporterOptions["protocol"];

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

/** The options that change the bytes of a record. */
export interface Chosen extends Required<Pick<MappingOptions, "preset" | "body" | "description">> {
  readonly protocol: Protocol;
}

const PRESETS: readonly PresetName[] = ["otel", "ecs", "ocsf"];

/** Every combination of encoding, preset and body, with and without the description. */
export const CHOICES: readonly Chosen[] = (Object.keys(WIRES) as Protocol[]).flatMap((protocol) =>
  PRESETS.flatMap((preset) =>
    (["json", "none", "map"] as const).flatMap((body) =>
      [true, false].map((description) => ({ protocol, preset, body, description })),
    ),
  ),
);

/**
 * Compares the two ways from an entry to its bytes, under one choice of options: the transcoder, which does not parse the entry, and
 * the mapping with the SDK's serializer.
 */
export interface BothWays {
  /** Asserts that both ways give the same record for each entry. Resolves to false if an entry is not JSON. */
  assertSame(texts: readonly string[]): Promise<boolean>;
  /** As `assertSame`, for the entries of a page of any bytes. */
  assertSamePage(page: Buffer): Promise<boolean>;
  /** Whether the transcoder accepts an entry. */
  takesShort(text: string): boolean;
}

const CONTEXT = { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS };
const LONG = 20_000;
/** To look inside of a record costs as much as to map its entry again: of so many one is looked into. */
const LOOKED_INTO = 5;

export function createBothWays({ protocol, ...chosen }: Chosen): BothWays {
  const options: MappingOptions = { ...chosen, severity: [["file_*", 17]], scope: { name: "test", version: "1" } };
  const encoding = recordEncodings[protocol];
  const { createSerializer, sdk, decode, sizeOf } = WIRES[protocol];
  const noticed = { ours: new Set<string>(), theirs: new Set<string>() };
  const noticeIn = (set: Set<string>) => ({ notice: (kind: string, name: string) => void set.add(`${kind} ${name}`) });
  const openPage = openPages({ ...options, encoding, ...noticeIn(noticed.ours) });
  const toRecord = createToRecord(createMapping({ ...options, ...noticeIn(noticed.theirs) }));
  const transcode = createTranscode({ ...createMapping({ ...options, encoding }), encoding });
  const serializer = createSerializer();
  const tail = encoding.tail({ hrTimeObserved: [0, 0] });
  let compared = 0;

  return {
    assertSame: (texts) => assertSamePage(pageOf(texts)),
    assertSamePage,
    takesShort(text) {
      const [tight, roomy] = [transcoded(text, 1), transcoded(text, 100_000)];
      assert.ok(isDeepStrictEqual(tight, roomy), "the bytes depend on the room in the buffer");
      return tight !== undefined;
    },
  };

  /** Transcodes an entry between other bytes, into a buffer with this much room at first. */
  function transcoded(text: string, room: number): Buffer | undefined {
    const output: Output = { bytes: Buffer.allocUnsafeSlow(room), length: 0 };
    const bytes = Buffer.from(`"}${text},"`);
    const heading = transcode({ bytes, from: 2 }, { output, tail });
    return heading?.to === bytes.length - 2 ? output.bytes.subarray(0, output.length) : undefined;
  }

  async function assertSamePage(body: Buffer): Promise<boolean> {
    const before = noticed.theirs.size;
    const page = await readOpened(opened(body, openPage));
    if (page.status !== "ok") {
      assert.throws(() => JSON.parse(body.toString()), SyntaxError);
      return false;
    }
    const { entries } = page.value;
    const theirs = entries.map((entry) => {
      const parsed = parseEntry(entry.entry.bytes.toString("utf8", entry.entry.from, entry.entry.to));
      const record = toRecord(parsed, CONTEXT);
      assertHeading(entry, parsed, record);
      return record;
    });
    // A set keeps the order of insertion.
    const unnoticed = [...noticed.theirs].slice(before).filter((novelty) => !noticed.ours.has(novelty));
    assert.deepEqual(unnoticed, [], "what is new of Slack is not noticed");
    assertSameRecords(
      entries.map(({ record }) => record),
      theirs,
    );
    return true;
  }

  function assertSameRecords(ours: LogRecord[], theirs: LogRecord[]): void {
    const request = serializer.serializeRequest(ours);
    const sdkRequest = sdk.serializeRequest(theirs);
    assert.ok(request && sdkRequest);
    assert.ok(sizeOf(request) <= sizeOf(sdkRequest), "a field is written twice");
    const decoded = decode(request);
    const expected = decode(sdkRequest);
    serializer.giveBack(request);
    assert.equal(decoded.length, expected.length);
    for (const [index, record] of expected.entries()) {
      assertSameDecoded(decoded[index], record);
      if (compared++ % LOOKED_INTO === 0) assertSameFields(ours[index], theirs[index]);
    }
  }
}

/** A page in Slack's format. */
export function pageOf(texts: readonly string[]): Buffer {
  return Buffer.from(`{"entries":[${texts.join()}],"response_metadata":{"next_cursor":""}}`);
}

function keyOf(id: string): string {
  const bytes = Buffer.from(id);
  return toEntryKey({ bytes, from: 0, to: bytes.length });
}

function assertHeading(read: EntryRead, { id, action, date }: Entry, record: LogRecord): void {
  assert.deepEqual([read.key, read.action, read.date], [keyOf(id), action, date]);
  assert.equal(read.isMisunderstood, hasMappingError(record));
}

/** Compares the order of the attributes first: it gives the better message if one is missing. */
function assertSameDecoded(ours: DecodedRecord | undefined, theirs: DecodedRecord): void {
  assert.ok(ours);
  if (isDeepStrictEqual(ours, theirs)) return;
  assert.deepEqual(ours.attributeKeys, theirs.attributeKeys);
  // A diff of long texts takes minutes.
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
] as const satisfies readonly (keyof LogRecord)[];

/** What somebody finds who looks inside of a record that is encoded already. */
function assertSameFields(ours: LogRecord | undefined, theirs: LogRecord | undefined): void {
  for (const field of FIELDS) assert.deepEqual(ours?.[field], theirs?.[field], field);
}
