/** How long a destination is given to answer. */
export interface TimeLimit {
  /** The limit for the next request. */
  currentMs(): number;
  /** A request had no answer within `limitMs`: false when no other one is given longer. */
  missed(limitMs: number): boolean;
  /** A request with records was answered after `tookMs`. */
  met(tookMs: number): void;
}

/** A record may go out three times: the third time it has the longest limit. */
const GROWTH = 6;
const LARGEST_FACTOR = 32;
const LONGEST_MS = 600_000;
/** So many quick answers in a row, and the destination is not slow any more. */
const QUICK_IN_A_ROW = 10;

/**
 * Grows when an answer does not come in time, since a collector that is slow stores what it is sent each time. It stays
 * long while answers are slow, and falls back to `firstMs` when they are quick again.
 */
export function createTimeLimit(firstMs: number): TimeLimit {
  const longestMs = Math.max(firstMs, Math.min(firstMs * LARGEST_FACTOR, LONGEST_MS));
  let currentMs = firstMs;
  let quick = 0;
  return {
    currentMs: () => currentMs,
    missed(limitMs) {
      quick = 0;
      // Several requests that miss the same limit at once make it longer once.
      currentMs = Math.max(currentMs, Math.min(limitMs * GROWTH, longestMs));
      return limitMs < longestMs;
    },
    met(tookMs) {
      quick = tookMs < firstMs ? quick + 1 : 0;
      if (quick >= QUICK_IN_A_ROW) currentMs = firstMs;
    },
  };
}
