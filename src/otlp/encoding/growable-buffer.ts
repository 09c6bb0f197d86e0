import type { GrowableBuffer } from "../../encoding.ts";
import type { ByteRange } from "../../model.ts";

/** Small: a buffer grows to the size of a page and is kept. */
const GROWTH = 1.25;

/** Ensures that at least `capacity` more bytes fit. */
export function ensureCapacity(buffer: GrowableBuffer, capacity: number): void {
  if (buffer.bytes.length - buffer.length >= capacity) return;
  const larger = Buffer.allocUnsafeSlow(Math.ceil((buffer.length + capacity) * GROWTH));
  buffer.bytes.copy(larger, 0, 0, buffer.length);
  buffer.bytes = larger;
}

/** Appends bytes. */
export function writeBytes(buffer: GrowableBuffer, bytes: Uint8Array): void {
  ensureCapacity(buffer, bytes.length);
  buffer.bytes.set(bytes, buffer.length);
  buffer.length += bytes.length;
}

/** Appends a range of another buffer. */
export function writeRange(buffer: GrowableBuffer, { bytes, from, to }: ByteRange): void {
  ensureCapacity(buffer, to - from);
  buffer.length += bytes.copy(buffer.bytes, buffer.length, from, to);
}

/** Copies bytes to `at`. They must fit. Returns the index after them. A loop takes six times as long for 30 bytes. */
export function copyBytes(target: Buffer, at: number, bytes: Uint8Array): number {
  target.set(bytes, at);
  return at + bytes.length;
}

/** Up to this length, in bytes, a loop is faster than `Buffer.copy`. */
const LONGEST_LOOP = 32;

/** Copies a range of another buffer to `start`. It must fit. Returns the index after it. */
export function copyRange(target: Buffer, start: number, { bytes, from, to }: ByteRange): number {
  if (to - from > LONGEST_LOOP) return start + bytes.copy(target, start, from, to);
  let at = start;
  for (let index = from; index < to; index++) target[at++] = bytes[index] as number;
  return at;
}
