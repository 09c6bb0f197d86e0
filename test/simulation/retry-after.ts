import type { RandomValues } from "../../src/demo/random-values.ts";

/** A `Retry-After` header, and the wait that it demands: undefined where it is nothing that could be understood. */
export interface RetryAfter {
  readonly header: string | undefined;
  readonly afterMs: number | undefined;
}

const ABSURD_SECONDS = 6 * 3_600;
/** Whatever is asked for, it is tried again after an hour. */
const LONGEST_MS = 3_600_000;

/** A date in it means nothing without the sender's own `Date`: our wall clock may be years away. */
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
