import type { Clock } from "./clock.ts";

/** Allows a number of actions in any 60 seconds. Waiting and immediate callers share that number. */
export interface RateLimiter {
  /** Resolves once one more action is allowed, and counts it. Rejects only when `signal` aborts. */
  take(signal: AbortSignal): Promise<void>;
  /** Returns whether one more action is allowed now, and counts it if so. */
  tryTake(): boolean;
}

const MINUTE_MS = 60_000;

/** Creates a rate limiter. It goes by the monotonic clock. */
export function createRateLimiter(actionsPerMinute: number, clock: Clock): RateLimiter {
  const takenAtMs: number[] = [];
  /** Counts an action and returns 0, or returns the time until one is allowed. */
  const waitMs = () => {
    const now = clock.monotonic();
    while (takenAtMs[0] !== undefined && now - takenAtMs[0] >= MINUTE_MS) takenAtMs.shift();
    const [oldest] = takenAtMs;
    if (oldest !== undefined && takenAtMs.length >= actionsPerMinute) return oldest + MINUTE_MS - now;
    takenAtMs.push(now);
    return 0;
  };
  return {
    async take(signal) {
      for (let ms = waitMs(); ms > 0; ms = waitMs()) await clock.sleep(ms, signal);
    },
    tryTake: () => waitMs() === 0,
  };
}
