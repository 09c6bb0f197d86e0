/** The port between the mapping of entries and the wire format: types only. `otlp` implements it and `slack` receives it. */
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ByteRange, Seconds } from "./model.ts";

/** A buffer with `length` used bytes. A larger buffer replaces `bytes` when the capacity is used up. */
export interface GrowableBuffer {
  bytes: Buffer;
  length: number;
}

/** The UTF-8 content of a JSON string, without its quotes. Its only escapes are `\/`, `\"` and `\\`. */
export interface JsonStringRange extends ByteRange {
  /** The number of escapes. */
  readonly escapes: number;
}

/** The fields that all records of one action share. */
export interface RecordHead extends Pick<ReadableLogRecord, "attributes"> {
  readonly severityNumber?: number | undefined;
  readonly eventName?: string | undefined;
}

/**
 * Encodes log records, whole or in pieces. The pieces of a record are written in this order: time, head, attributes, tail.
 * `encode…` returns bytes that may be kept and written many times. `write…` appends to the buffer.
 */
export interface RecordEncoding {
  /** The length of Slack's text as a body, divided by the length of the text. */
  readonly bodyGrowth: number;
  /** Encodes all fields of a record, including the body. */
  encodeRecord(record: ReadableLogRecord): Uint8Array;
  /** Encodes severity, event name and the first attributes. There is at least one attribute. */
  encodeHead(head: RecordHead): Uint8Array;
  /** Encodes the end of the attributes and the time of observation. */
  encodeTail(record: Pick<ReadableLogRecord, "hrTimeObserved">): Uint8Array;
  /** Encodes an attribute up to its value, for an integer or a boolean. */
  encodeKey(name: string): Uint8Array;
  /** Encodes an attribute up to its value, for a string. */
  encodeStringKey(name: string): Uint8Array;
  writeTime(buffer: GrowableBuffer, time: Seconds): void;
  writeBytes(buffer: GrowableBuffer, bytes: Uint8Array): void;
  writeString(buffer: GrowableBuffer, key: Uint8Array, value: JsonStringRange): void;
  writeInteger(buffer: GrowableBuffer, key: Uint8Array, value: number): void;
  writeBoolean(buffer: GrowableBuffer, key: Uint8Array, value: boolean): void;
}
