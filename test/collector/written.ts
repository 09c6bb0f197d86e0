import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { DecodedRecord, DecodedValue } from "../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../src/demo/sink/json.ts";
import { toDecodedValue } from "../support/decoded-value.ts";

/** The fields that are compared: the receiver sets or determines each of them. */
export type Comparable = Omit<DecodedRecord, "attributeKeys" | "flags" | "traceId" | "spanId" | "severityText">;

/** Reads the records that the Collector's file exporter wrote, in order of arrival. */
export async function readWritten(file: string): Promise<DecodedRecord[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter(Boolean);
  return lines.flatMap((line) => decodeJson(Buffer.from(line)));
}

/** The fields that a receiver must decode for a record. */
export function expected(record: ReadableLogRecord): Comparable {
  const attributes = toDecodedValue(record.attributes) as Record<string, DecodedValue>;
  const { name, version = "" } = record.instrumentationScope;
  return {
    timeUnixNano: toNanoseconds(record.hrTime),
    observedTimeUnixNano: toNanoseconds(record.hrTimeObserved),
    severityNumber: record.severityNumber ?? 0,
    eventName: record.eventName ?? "",
    body: toDecodedValue(record.body),
    attributes,
    droppedAttributesCount: 0,
    uid: String(attributes["log.record.uid"]),
    resource: toDecodedValue(record.resource.attributes) as Record<string, DecodedValue>,
    scope: { name, version },
  };
}

/** Asserts that a record has the wanted fields. `what` describes the record in messages. */
export function assertSame(found: DecodedRecord | undefined, wanted: Partial<Comparable>, what: string): void {
  assert.ok(found, `${what} is missing`);
  // One comparison per field: a diff of two records of 5 MB is unreadable.
  const fields = Object.keys(wanted) as (keyof Comparable)[];
  const wrong = fields.filter((field) => !isDeepStrictEqual(found[field], wanted[field]));
  const show = (record: Partial<Comparable>) =>
    wrong.map((field) => `${field} ${String(JSON.stringify(record[field], showBigint)).slice(0, 500)}`).join(", ");
  assert.deepEqual(wrong, [], `${what} has ${show(found)} instead of ${show(wanted)}`);
  assert.equal(found.attributeKeys.length, Object.keys(found.attributes).length, `${what} has an attribute twice`);
}

function showBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

function toNanoseconds([seconds, nanoseconds]: ReadableLogRecord["hrTime"]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}
