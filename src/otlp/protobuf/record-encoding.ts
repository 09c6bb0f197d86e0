import type { LogRecord, Output, RecordEncoding, Seconds, Span } from "../../model.ts";
import { copyStretchTo, copyTo, makeRoom, putPiece } from "../output.ts";
import { BOOL, INT, KEY, STRING, VALUE } from "./any-value.ts";
import { ATTRIBUTE, bytesOf, putField, putHead, putRecord, putTail, TIME } from "./log-record.ts";
import { putVarint } from "./writer.ts";

/** Log records as protobuf. Every `put` writes forward, for the lengths are known: the texts are there already. */
export const protobufRecords: RecordEncoding = {
  bodyGrowth: 1,
  record: (record: LogRecord) => bytesOf((writer) => putRecord(writer, record)),
  head: (record) => bytesOf((writer) => putHead(writer, record)),
  tail: (record) => bytesOf((writer) => putTail(writer, record)),
  attribute: keyOf,
  textAttribute: keyOf,
  putTime(output: Output, time: Seconds): void {
    makeRoom(output, 9);
    output.bytes[output.length] = TIME;
    putNanoseconds(output.bytes, output.length + 1, time);
    output.length += 9;
  },
  putPiece,
  putText(output: Output, attribute: Uint8Array, text: Span): void {
    const length = text.to - text.from - text.escapes;
    let at = startAttribute(output, attribute, 1 + sizeOf(length) + length);
    const { bytes } = output;
    bytes[at++] = STRING;
    at = putLength(bytes, at, length);
    output.length = text.escapes === 0 ? copyStretchTo(bytes, at, text) : putUnescaped(bytes, at, text);
  },
  putInteger(output: Output, attribute: Uint8Array, value: number): void {
    const digits = varint(value);
    const at = startAttribute(output, attribute, 1 + digits.length);
    output.bytes[at] = INT;
    output.bytes.set(digits, at + 1);
    output.length = at + 1 + digits.length;
  },
  putBoolean(output: Output, attribute: Uint8Array, value: boolean): void {
    const at = startAttribute(output, attribute, 2);
    output.bytes[at] = BOOL;
    output.bytes[at + 1] = value ? 1 : 0;
    output.length = at + 2;
  },
};

function keyOf(name: string): Uint8Array {
  return bytesOf((writer) => putField(writer, KEY, name));
}

/** Writes an attribute up to its value's one field, of so many bytes, for which there is room then. Returns where that begins. */
function startAttribute(output: Output, attribute: Uint8Array, field: number): number {
  const length = attribute.length + 1 + sizeOf(field) + field;
  makeRoom(output, length + MOST_LENGTH_BYTES + 1);
  const { bytes } = output;
  bytes[output.length] = ATTRIBUTE;
  const at = copyTo(bytes, putLength(bytes, output.length + 1, length), attribute);
  bytes[at] = VALUE;
  return putLength(bytes, at + 1, field);
}

function putUnescaped(bytes: Buffer, start: number, { bytes: from, from: first, to }: Span): number {
  let at = start;
  for (let index = first; index < to; index++) {
    if (from[index] === BACKSLASH) index++;
    bytes[at++] = from[index] as number;
  }
  return at;
}

const BACKSLASH = 0x5c;
const MOST_LENGTH_BYTES = 5;

/** A length as a varint; lengths have less than 32 bits. */
function putLength(bytes: Buffer, start: number, length: number): number {
  let at = start;
  let left = length;
  for (; left >= 0x80; left >>>= 7) bytes[at++] = (left & 0x7f) | 0x80;
  bytes[at++] = left;
  return at;
}

/** How many bytes a length takes. */
function sizeOf(length: number): number {
  let bytes = 1;
  for (let left = length; left >= 0x80; left >>>= 7) bytes++;
  return bytes;
}

function varint(value: number): Buffer {
  return bytesOf((writer) => putVarint(writer, value));
}

/** 64 bits from the lowest byte on. In parts that a double holds exactly: a BigInt takes ten times as long. */
function putNanoseconds(bytes: Buffer, at: number, time: Seconds): void {
  const high = Math.floor(time / 0x10000) * 1_000_000_000;
  const low = (high % 0x10000) * 0x10000 + (time % 0x10000) * 1_000_000_000;
  bytes.writeUInt32LE(low % 0x100000000, at);
  bytes.writeUInt32LE(Math.floor(high / 0x10000) + Math.floor(low / 0x100000000), at + 4);
}
