import type { RandomValues } from "../../src/demo/random-values.ts";

/** A `Retry-After` header, and the wait that it demands; undefined if it cannot be parsed. */
export interface RetryAfter {
  readonly header: string | undefined;
  readonly afterMs: number | undefined;
}

const ABSURD_SECONDS = 6 * 3_600;
/** The receiver waits an hour at most. */
const LONGEST_MS = 3_600_000;

/** A date needs the sender's own `Date` to be read: our wall clock may be wrong by years. */
export function drawRetryAfter(hasDate: boolean, nowMs: number, dice: RandomValues): RetryAfter {
  const seconds = dice.chance(0.01) ? ABSURD_SECONDS : dice.integer(1, 90);
  const form = dice.pick(["seconds", "seconds", "date", "nonsense", "none"] as const);
  switch (form) {
    case "seconds":
      return { header: String(seconds), afterMs: Math.min(seconds * 1_000, LONGEST_MS) };
    case "date": {
      const atMs = Math.floor(nowMs / 1_000 + seconds) * 1_000;
      return {
        header: new Date(atMs).toUTCString(),
        afterMs: hasDate ? Math.min(atMs - nowMs, LONGEST_MS) : undefined,
      };
    }
    case "nonsense":
      return { header: dice.pick(["soon", "", "-5", "1.5", "0"]), afterMs: undefined };
    case "none":
      return { header: undefined, afterMs: undefined };
  }
}
