import type { Output, Stretch } from "../model.ts";

/** Little, for an output is as large as a page in the end, and stays. */
const GROWTH = 1.25;

/** Sees to it that so many bytes can be written without another look. */
export function makeRoom(output: Output, room: number): void {
  if (output.bytes.length - output.length >= room) return;
  const larger = Buffer.allocUnsafeSlow(Math.ceil((output.length + room) * GROWTH));
  output.bytes.copy(larger, 0, 0, output.length);
  output.bytes = larger;
}

/** Writes bytes as they are. */
export function putPiece(output: Output, piece: Uint8Array): void {
  makeRoom(output, piece.length);
  output.bytes.set(piece, output.length);
  output.length += piece.length;
}

/** Writes a part of other bytes. */
export function putStretch(output: Output, { bytes, from, to }: Stretch): void {
  makeRoom(output, to - from);
  output.length += bytes.copy(output.bytes, output.length, from, to);
}

/** Copies bytes to where there is room for them, and returns where they end. A loop takes six times as long, for names of thirty bytes. */
export function copyTo(bytes: Buffer, at: number, piece: Uint8Array): number {
  bytes.set(piece, at);
  return at + piece.length;
}

/** Up to here a loop takes less than the call into the runtime. */
const SHORT = 32;

/** Does the same with a part of other bytes. */
export function copyStretchTo(bytes: Buffer, start: number, { bytes: source, from, to }: Stretch): number {
  if (to - from > SHORT) return start + source.copy(bytes, start, from, to);
  let at = start;
  for (let index = from; index < to; index++) bytes[at++] = source[index] as number;
  return at;
}
