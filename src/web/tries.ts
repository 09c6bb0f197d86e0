import type { Clock } from "../runtime/clock.ts";

const MINUTE_MS = 60_000;

/** Allows `perMinute` tries in any stretch of a minute. */
export function createTries(perMinute: number, clock: Clock): { take(): boolean } {
  const taken: number[] = [];
  return {
    take() {
      const now = clock.monotonic();
      while (taken[0] !== undefined && now - taken[0] >= MINUTE_MS) taken.shift();
      if (taken.length >= perMinute) return false;
      taken.push(now);
      return true;
    },
  };
}
