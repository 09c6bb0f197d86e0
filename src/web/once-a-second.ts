import type { Clock } from "../runtime/clock.ts";

const SECOND_MS = 1_000;

/** Does the work once a second at most: who asks within the second after gets the same result. A failure is not kept. */
export function onceASecond<Value>(work: () => Promise<Value>, clock: Clock): () => Promise<Value> {
  let last: { readonly atMs: number; readonly result: Promise<Value> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (last && now - last.atMs < SECOND_MS) return last.result;
    const mine = { atMs: now, result: work() };
    last = mine;
    mine.result.catch(() => {
      if (last === mine) last = undefined;
    });
    return mine.result;
  };
}
