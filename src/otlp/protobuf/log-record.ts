import type { HrTime } from "@opentelemetry/api";
import type { EncodedRecord, LogRecord, RecordHead } from "../../model.ts";
import { endMessage, putAnyValue, putAttributes, STRING } from "./any-value.ts";
import { createWriter, putFixed64, putStretch, putString, putVarint, size, type Writer, written } from "./writer.ts";

/** Tags of a LogRecord's fields (opentelemetry/proto/logs/v1/logs.proto). */
export const TIME = (1 << 3) | 1;
const SEVERITY_NUMBER = (2 << 3) | 0;
const BODY = (5 << 3) | 2;
/** A KeyValue. */
export const ATTRIBUTE = (6 << 3) | 2;
const OBSERVED_TIME = (11 << 3) | 1;
const EVENT_NAME = (12 << 3) | 2;

/** The fields of a LogRecord. */
export function putRecord(writer: Writer, record: LogRecord): void {
  putTail(writer, record);
  if (record.body !== undefined) {
    const before = size(writer);
    putAnyValue(writer, record.body);
    endMessage(writer, BODY, before);
  }
  putHead(writer, record);
  putFixed64(writer, toNanoseconds(record.hrTime));
  putVarint(writer, TIME);
}

/** The fields of a LogRecord that are written already, and the body if it is not. */
export function putEncoded(writer: Writer, record: EncodedRecord): void {
  if (record.text) {
    const before = size(writer);
    putStretch(writer, record.text);
    endMessage(writer, STRING, before);
    endMessage(writer, BODY, before);
  }
  putStretch(writer, record);
}

/** What is behind the time: severity, event name and attributes. */
export function putHead(writer: Writer, record: RecordHead): void {
  putAttributes(writer, record.attributes, ATTRIBUTE);
  if (record.eventName) putField(writer, EVENT_NAME, record.eventName);
  if (record.severityNumber) {
    putVarint(writer, record.severityNumber);
    putVarint(writer, SEVERITY_NUMBER);
  }
}

/** What is behind the body: the time of observation. */
export function putTail(writer: Writer, { hrTimeObserved }: Pick<LogRecord, "hrTimeObserved">): void {
  putFixed64(writer, toNanoseconds(hrTimeObserved));
  putVarint(writer, OBSERVED_TIME);
}

/** A text in a field with this tag. */
export function putField(writer: Writer, tag: number, text: string): void {
  putString(writer, text);
  putVarint(writer, tag);
}

/** What something puts into a writer, as bytes of its own. */
export function bytesOf(put: (writer: Writer) => void): Buffer {
  const writer = createWriter(scratch);
  put(writer);
  return Buffer.from(written(writer));
}

const scratch = Buffer.alloc(1_024);

function toNanoseconds([seconds, nanoseconds]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}
