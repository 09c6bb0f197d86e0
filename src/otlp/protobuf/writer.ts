import type { Stretch } from "../../model.ts";

/**
 * Protobuf, written from the back to the front: the length of a message stands before it and is known once it is written,
 * so nothing is measured twice and nothing is moved. A third of what measuring first and writing then costs.
 */
export interface Writer {
  bytes: Buffer;
  /** Where what is written begins. */
  at: number;
}

/** Makes a writer in a buffer, which is replaced by a larger one when it must grow. */
export function createWriter(bytes: Buffer): Writer {
  return { bytes, at: bytes.length };
}

/** What is written so far. */
export function written({ bytes, at }: Writer): Buffer {
  return bytes.subarray(at);
}

/** How much is written so far: the difference of two is the length of what came between. */
export function size({ bytes, at }: Writer): number {
  return bytes.length - at;
}

/** Bytes as they are. */
export function putBytes(writer: Writer, value: Uint8Array): void {
  makeRoom(writer, value.length);
  writer.at -= value.length;
  writer.bytes.set(value, writer.at);
}

/** A part of other bytes. */
export function putStretch(writer: Writer, { bytes, from, to }: Stretch): void {
  makeRoom(writer, to - from);
  writer.at -= to - from;
  bytes.copy(writer.bytes, writer.at, from, to);
}

/** A whole number from 0, seven bits a byte, the lowest first. */
export function putVarint(writer: Writer, value: number): void {
  makeRoom(writer, 10);
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

/** An integer of 64 bits with a sign: a negative one takes ten bytes. */
export function putInt64(writer: Writer, value: number): void {
  if (value >= 0) {
    putVarint(writer, value);
    return;
  }
  makeRoom(writer, 10);
  writer.at -= 10;
  let left = BigInt.asUintN(64, BigInt(value));
  for (let at = writer.at; at < writer.at + 9; at++, left >>= 7n) writer.bytes[at] = Number(left & 0x7fn) | 0x80;
  writer.bytes[writer.at + 9] = Number(left);
}

/** A double, eight bytes. */
export function putDouble(writer: Writer, value: number): void {
  makeRoom(writer, 8);
  writer.at -= 8;
  writer.bytes.writeDoubleLE(value, writer.at);
}

/** An unsigned integer of exactly eight bytes. */
export function putFixed64(writer: Writer, value: bigint): void {
  makeRoom(writer, 8);
  writer.at -= 8;
  writer.bytes.writeBigUInt64LE(value, writer.at);
}

/** Up to here a loop over the characters is faster than the call into the runtime. */
const SHORT = 40;

/** A string as UTF-8, with its length before it. */
export function putString(writer: Writer, value: string): void {
  const { length } = value;
  // No UTF-16 unit takes more than three bytes.
  makeRoom(writer, length * 3);
  const end = writer.at;
  if (length > SHORT || !putAscii(writer, value)) {
    const bytes = Buffer.byteLength(value, "utf8");
    writer.at = end - bytes;
    writer.bytes.write(value, writer.at, bytes, "utf8");
  }
  putVarint(writer, end - writer.at);
}

function putAscii(writer: Writer, value: string): boolean {
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

function makeRoom(writer: Writer, room: number): void {
  if (writer.at >= room) return;
  const used = size(writer);
  const bytes = Buffer.allocUnsafeSlow((used + room) * 2);
  writer.bytes.copy(bytes, bytes.length - used, writer.at);
  writer.bytes = bytes;
  writer.at = bytes.length - used;
}
