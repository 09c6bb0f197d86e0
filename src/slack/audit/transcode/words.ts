import type { Stretch } from "../../../model.ts";
import { startsWith } from "./scan.ts";

interface Word {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const MOST_WORDS = 5_000;
const LONGEST_WORD = 200;

/** Makes the function that reads a text of which there are few, such as an action: each is made once, and its hash with it. */
export function createReadWord(): (stretch: Stretch) => string {
  const known = new Map<number, Word>();
  return (stretch) => {
    const { bytes, from, to } = stretch;
    const hash = hashOf(stretch);
    const word = known.get(hash);
    if (word?.bytes.length === to - from && startsWith(bytes, word.bytes, from)) return word.text;
    const text = bytes.toString("utf8", from, to);
    if (known.size < MOST_WORDS && to - from <= LONGEST_WORD) known.set(hash, { bytes: Buffer.from(text), text });
    return text;
  };
}

/** The hash of some bytes. */
export function hashOf({ bytes, from, to }: Stretch): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = addToHash(hash, bytes[at] as number);
  return hash;
}

/** The hash of some bytes and one more. */
export function addToHash(hash: number, code: number): number {
  return (hash * 31 + code) & 0x3fffffff;
}
