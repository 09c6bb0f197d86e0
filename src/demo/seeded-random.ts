import type { Random } from "../runtime/random.ts";

/** A pseudorandom source (mulberry32): the same seed gives the same values. Do not make keys with it. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    bytes(count) {
      const bytes = Buffer.alloc(count);
      for (let index = 0; index < count; index++) bytes[index] = next() & 0xff;
      return bytes;
    },
    fraction: () => next() / 2 ** 32,
  };
}
