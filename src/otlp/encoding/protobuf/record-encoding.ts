import type { GrowableBuffer, JsonStringRange, RecordEncoding } from "../../../encoding.ts";
import type { Seconds } from "../../../model.ts";
import { BACKSLASH } from "../../../runtime/json.ts";
import { copyBytes, copyRange, ensureCapacity, writeBytes } from "../growable-buffer.ts";
import { BOOL, INT, KEY, STRING, VALUE } from "./any-value.ts";
import { ATTRIBUTE, bytesOf, TIME, writeField, writeHead, writeRecord, writeTail } from "./log-record.ts";
import { writeVarint } from "./writer.ts";

/** Encodes records in protobuf. Values are written forward: their lengths are known. */
export const protobufEncoding: RecordEncoding = {
  bodyGrowth: 1,
  encodeRecord: (record) => bytesOf((writer) => writeRecord(writer, record)),
  encodeHead: (head) => bytesOf((writer) => writeHead(writer, head)),
  encodeTail: (record) => bytesOf((writer) => writeTail(writer, record)),
  encodeKey,
  encodeStringKey: encodeKey,
  writeTime(buffer, time) {
    ensureCapacity(buffer, 9);
    buffer.bytes[buffer.length] = TIME;
    writeNanoseconds(buffer.bytes, buffer.length + 1, time);
    buffer.length += 9;
  },
  writeBytes,
  writeString(buffer, key, value) {
    const length = value.to - value.from - value.escapes;
    let at = startAttribute(buffer, key, 1 + lengthBytes(length) + length);
    const { bytes } = buffer;
    bytes[at++] = STRING;
    at = writeLength(bytes, at, length);
    buffer.length = value.escapes === 0 ? copyRange(bytes, at, value) : copyUnescaped(bytes, at, value);
  },
  writeInteger(buffer, key, value) {
    const digits = bytesOf((writer) => writeVarint(writer, value));
    const at = startAttribute(buffer, key, 1 + digits.length);
    buffer.bytes[at] = INT;
    buffer.bytes.set(digits, at + 1);
    buffer.length = at + 1 + digits.length;
  },
  writeBoolean(buffer, key, value) {
    const at = startAttribute(buffer, key, 2);
    buffer.bytes[at] = BOOL;
    buffer.bytes[at + 1] = value ? 1 : 0;
    buffer.length = at + 2;
  },
};

function encodeKey(name: string): Uint8Array {
  return bytesOf((writer) => writeField(writer, KEY, name));
}

/** Writes an attribute up to its value and ensures capacity for the value. Returns the index of the value. */
function startAttribute(buffer: GrowableBuffer, key: Uint8Array, valueLength: number): number {
  const length = key.length + 1 + lengthBytes(valueLength) + valueLength;
  ensureCapacity(buffer, length + MAX_LENGTH_BYTES + 1);
  const { bytes } = buffer;
  bytes[buffer.length] = ATTRIBUTE;
  const at = copyBytes(bytes, writeLength(bytes, buffer.length + 1, length), key);
  bytes[at] = VALUE;
  return writeLength(bytes, at + 1, valueLength);
}

function copyUnescaped(target: Buffer, start: number, { bytes, from, to }: JsonStringRange): number {
  let at = start;
  for (let index = from; index < to; index++) {
    if (bytes[index] === BACKSLASH) index++;
    target[at++] = bytes[index] as number;
  }
  return at;
}

const MAX_LENGTH_BYTES = 5;

/** Writes a length of less than 32 bits as a varint. Returns the index after it. */
function writeLength(bytes: Buffer, start: number, length: number): number {
  let at = start;
  let left = length;
  for (; left >= 0x80; left >>>= 7) bytes[at++] = (left & 0x7f) | 0x80;
  bytes[at++] = left;
  return at;
}

/** Returns the number of bytes that `writeLength` writes. */
function lengthBytes(length: number): number {
  let bytes = 1;
  for (let left = length; left >= 0x80; left >>>= 7) bytes++;
  return bytes;
}

/** Writes 64 bits, little-endian, in parts that a double represents exactly: a BigInt takes ten times as long. */
function writeNanoseconds(bytes: Buffer, at: number, time: Seconds): void {
  const high = Math.floor(time / 0x10000) * 1_000_000_000;
  const low = (high % 0x10000) * 0x10000 + (time % 0x10000) * 1_000_000_000;
  bytes.writeUInt32LE(low % 0x100000000, at);
  bytes.writeUInt32LE(Math.floor(high / 0x10000) + Math.floor(low / 0x100000000), at + 4);
}
