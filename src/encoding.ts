/** The port between the mapping of entries and the wire format of the exporter: types only. `otlp` implements it, `slack` is given it. */
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ByteRange, Seconds } from "./model.ts";

/** A buffer with `length` bytes in use. A larger buffer replaces `bytes` when the capacity is used up. */
export interface GrowableBuffer {
  bytes: Buffer;
  length: number;
}

/** The content of a JSON string, as UTF-8, without its quotes. Its only escapes are `\/`, `\"` and `\\`. */
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
 * Encodes log records, whole or piece by piece. The pieces of a record are written in this order: time, head, attributes,
 * tail. `encode…` returns bytes to be kept and written many times; `write…` appends to the buffer.
 */
export interface RecordEncoding {
  /** The length of Slack's text as a body, divided by the length of the text. */
  readonly bodyGrowth: number;
  /** All fields of a record, its body included. */
  encodeRecord(record: ReadableLogRecord): Uint8Array;
  /** Severity, event name and the first attributes. There is at least one attribute. */
  encodeHead(head: RecordHead): Uint8Array;
  /** The end of the attributes, and the time of observation. */
  encodeTail(record: Pick<ReadableLogRecord, "hrTimeObserved">): Uint8Array;
  /** An attribute's name, with all that precedes an integer or a boolean. */
  encodeKey(name: string): Uint8Array;
  /** An attribute's name, with all that precedes a string. */
  encodeStringKey(name: string): Uint8Array;
  writeTime(buffer: GrowableBuffer, time: Seconds): void;
  writeBytes(buffer: GrowableBuffer, bytes: Uint8Array): void;
  writeString(buffer: GrowableBuffer, key: Uint8Array, value: JsonStringRange): void;
  writeInteger(buffer: GrowableBuffer, key: Uint8Array, value: number): void;
  writeBoolean(buffer: GrowableBuffer, key: Uint8Array, value: boolean): void;
}
