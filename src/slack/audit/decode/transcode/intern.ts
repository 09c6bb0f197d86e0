import type { ByteRange } from "../../../../model.ts";
import { startsWith } from "./scan.ts";

interface InternedString {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const MAX_STRINGS = 5_000;
const MAX_LENGTH = 200;

/** Makes the function that decodes bytes which often repeat, such as an action: each string and its hash are made once. */
export function createIntern(): (range: ByteRange) => string {
  const interned = new Map<number, InternedString>();
  return (range) => {
    const { bytes, from, to } = range;
    const hash = hashOf(range);
    const known = interned.get(hash);
    if (known?.bytes.length === to - from && startsWith(bytes, known.bytes, from)) return known.text;
    const text = bytes.toString("utf8", from, to);
    if (interned.size < MAX_STRINGS && to - from <= MAX_LENGTH) interned.set(hash, { bytes: Buffer.from(text), text });
    return text;
  };
}

/** Hashes bytes. */
export function hashOf({ bytes, from, to }: ByteRange): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = addToHash(hash, bytes[at] as number);
  return hash;
}

/** Adds a byte to a hash. */
export function addToHash(hash: number, code: number): number {
  return (hash * 31 + code) & 0x3fffffff;
}
