import type { ByteRange } from "../../../model.ts";

/**
 * Writes protobuf from the end of a buffer to its start: the length of a message precedes the message and is known once it is
 * written. This takes a third of the time of measuring first.
 */
export interface Writer {
  bytes: Buffer;
  /** The index of the first byte written. */
  at: number;
}

/** Creates a writer on a buffer. A larger buffer replaces it when the capacity is used up. */
export function createWriter(bytes: Buffer): Writer {
  return { bytes, at: bytes.length };
}

/** Returns the bytes written so far. */
export function written({ bytes, at }: Writer): Buffer {
  return bytes.subarray(at);
}

/** Returns the number of bytes written so far. */
export function writtenBytes({ bytes, at }: Writer): number {
  return bytes.length - at;
}

/** Writes bytes without a length. */
export function writeBytes(writer: Writer, value: Uint8Array): void {
  ensureCapacity(writer, value.length);
  writer.at -= value.length;
  writer.bytes.set(value, writer.at);
}

/** Writes a range of another buffer. */
export function writeRange(writer: Writer, { bytes, from, to }: ByteRange): void {
  ensureCapacity(writer, to - from);
  writer.at -= to - from;
  bytes.copy(writer.bytes, writer.at, from, to);
}

/** Writes a non-negative integer as a varint: seven bits per byte, the lowest first. */
export function writeVarint(writer: Writer, value: number): void {
  ensureCapacity(writer, 10);
  const { bytes } = writer;
  if (value < 0x80) {
    bytes[--writer.at] = value;
    return;
  }
  let length = 1;
  for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) length++;
  writer.at -= length;
  let at = writer.at;
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes[at++] = (left % 0x80) | 0x80;
  bytes[at] = left;
}

/** Writes an int64: a negative one takes ten bytes. */
export function writeInt64(writer: Writer, value: number): void {
  if (value >= 0) {
    writeVarint(writer, value);
    return;
  }
  ensureCapacity(writer, 10);
  writer.at -= 10;
  let left = BigInt.asUintN(64, BigInt(value));
  for (let at = writer.at; at < writer.at + 9; at++, left >>= 7n) writer.bytes[at] = Number(left & 0x7fn) | 0x80;
  writer.bytes[writer.at + 9] = Number(left);
}

/** Writes a double, little-endian. */
export function writeDouble(writer: Writer, value: number): void {
  ensureCapacity(writer, 8);
  writer.at -= 8;
  writer.bytes.writeDoubleLE(value, writer.at);
}

/** Writes a fixed64, little-endian. */
export function writeFixed64(writer: Writer, value: bigint): void {
  ensureCapacity(writer, 8);
  writer.at -= 8;
  writer.bytes.writeBigUInt64LE(value, writer.at);
}

/** Up to this length a loop over the characters is faster than a call into the runtime. */
const LONGEST_LOOP = 40;

/** Writes the length of a string and its UTF-8. */
export function writeString(writer: Writer, value: string): void {
  const { length } = value;
  // A UTF-16 code unit takes up to three bytes.
  ensureCapacity(writer, length * 3);
  const end = writer.at;
  if (length > LONGEST_LOOP || !writeAscii(writer, value)) {
    const bytes = Buffer.byteLength(value, "utf8");
    writer.at = end - bytes;
    writer.bytes.write(value, writer.at, bytes, "utf8");
  }
  writeVarint(writer, end - writer.at);
}

function writeAscii(writer: Writer, value: string): boolean {
  const { bytes } = writer;
  let at = writer.at;
  for (let index = value.length - 1; index >= 0; index--) {
    const code = value.charCodeAt(index);
    if (code >= 0x80) return false;
    bytes[--at] = code;
  }
  writer.at = at;
  return true;
}

function ensureCapacity(writer: Writer, capacity: number): void {
  if (writer.at >= capacity) return;
  const used = writtenBytes(writer);
  const bytes = Buffer.allocUnsafeSlow((used + capacity) * 2);
  writer.bytes.copy(bytes, bytes.length - used, writer.at);
  writer.bytes = bytes;
  writer.at = bytes.length - used;
}
