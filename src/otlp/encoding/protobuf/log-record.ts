import type { HrTime } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RecordHead } from "../../../encoding.ts";
import { endMessage, writeAnyValue, writeAttributes } from "./any-value.ts";
import { createWriter, type Writer, writeFixed64, writeString, writeVarint, written, writtenBytes } from "./writer.ts";

// Tags of a LogRecord's fields (opentelemetry/proto/logs/v1/logs.proto).
/** LogRecord.time_unix_nano. */
export const TIME = (1 << 3) | 1;
const SEVERITY_NUMBER = (2 << 3) | 0;
/** LogRecord.body. */
export const BODY = (5 << 3) | 2;
/** LogRecord.attributes: a KeyValue. */
export const ATTRIBUTE = (6 << 3) | 2;
const OBSERVED_TIME = (11 << 3) | 1;
const EVENT_NAME = (12 << 3) | 2;

/** Writes all fields of a LogRecord. */
export function writeRecord(writer: Writer, record: ReadableLogRecord): void {
  writeTail(writer, record);
  if (record.body !== undefined) {
    const before = writtenBytes(writer);
    writeAnyValue(writer, record.body);
    endMessage(writer, BODY, before);
  }
  writeHead(writer, record);
  writeFixed64(writer, toNanoseconds(record.hrTime));
  writeVarint(writer, TIME);
}

/** Writes severity, event name and attributes. */
export function writeHead(writer: Writer, { attributes, eventName, severityNumber }: RecordHead): void {
  writeAttributes(writer, attributes, ATTRIBUTE);
  if (eventName) writeField(writer, EVENT_NAME, eventName);
  if (severityNumber) {
    writeVarint(writer, severityNumber);
    writeVarint(writer, SEVERITY_NUMBER);
  }
}

/** Writes the time of observation. */
export function writeTail(writer: Writer, { hrTimeObserved }: Pick<ReadableLogRecord, "hrTimeObserved">): void {
  writeFixed64(writer, toNanoseconds(hrTimeObserved));
  writeVarint(writer, OBSERVED_TIME);
}

/** Writes a string in a field with this tag. */
export function writeField(writer: Writer, tag: number, text: string): void {
  writeString(writer, text);
  writeVarint(writer, tag);
}

/** Returns a new buffer with the bytes that `write` writes. */
export function bytesOf(write: (writer: Writer) => void): Buffer {
  const writer = createWriter(scratch);
  write(writer);
  return Buffer.from(written(writer));
}

const scratch = Buffer.alloc(1_024);

function toNanoseconds([seconds, nanoseconds]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}
