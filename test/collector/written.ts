import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { DecodedRecord, DecodedValue } from "../../src/demo/sink/decoded.ts";
import { decodeJson } from "../../src/demo/sink/json.ts";

/** What of a record can be compared. */
export type Comparable = Omit<DecodedRecord, "attributeKeys" | "flags" | "traceId" | "spanId" | "severityText">;

/** The records in a file of the Collector's file exporter, in the order of their arrival. */
export async function readWritten(file: string): Promise<DecodedRecord[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter(Boolean);
  return lines.flatMap((line) => decodeJson(Buffer.from(line)));
}

/** What a receiver must find of a record. */
export function expected(record: ReadableLogRecord): Comparable {
  const attributes = toDecoded(record.attributes) as Record<string, DecodedValue>;
  const { name, version = "" } = record.instrumentationScope;
  return {
    timeUnixNano: toNanoseconds(record.hrTime),
    observedTimeUnixNano: toNanoseconds(record.hrTimeObserved),
    severityNumber: record.severityNumber ?? 0,
    eventName: record.eventName ?? "",
    body: toDecoded(record.body),
    attributes,
    droppedAttributesCount: 0,
    uid: String(attributes["log.record.uid"]),
    resource: toDecoded(record.resource.attributes) as Record<string, DecodedValue>,
    scope: { name, version },
  };
}

/** Asserts that a record is the expected one in every field; `what` tells which it is. */
export function assertSame(found: DecodedRecord | undefined, wanted: Partial<Comparable>, what: string): void {
  assert.ok(found, `${what} is missing`);
  // Not one comparison of everything: the text that tells a difference between two records of 5 MB is not worth reading.
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

/** Whole numbers travel as integers. */
function toDecoded(value: unknown): DecodedValue {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(toDecoded);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toDecoded(member)]));
}
