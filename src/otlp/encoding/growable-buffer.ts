import type { GrowableBuffer } from "../../encoding.ts";
import type { ByteRange } from "../../model.ts";

/** Small, because a buffer ends up as large as a page and is kept. */
const GROWTH = 1.25;

/** Makes room for at least `capacity` more bytes. */
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

/** Appends a part of another buffer. */
export function writeRange(buffer: GrowableBuffer, { bytes, from, to }: ByteRange): void {
  ensureCapacity(buffer, to - from);
  buffer.length += bytes.copy(buffer.bytes, buffer.length, from, to);
}

/** Copies bytes to `at`, where there must be room, and returns the index after them. A loop takes six times as long for 30 bytes. */
export function copyBytes(target: Buffer, at: number, bytes: Uint8Array): number {
  target.set(bytes, at);
  return at + bytes.length;
}

/** Up to this length a loop is faster than a call into the runtime. */
const LONGEST_LOOP = 32;

/** Copies a part of another buffer to `start`, where there must be room, and returns the index after it. */
export function copyRange(target: Buffer, start: number, { bytes, from, to }: ByteRange): number {
  if (to - from > LONGEST_LOOP) return start + bytes.copy(target, start, from, to);
  let at = start;
  for (let index = from; index < to; index++) target[at++] = bytes[index] as number;
  return at;
}
