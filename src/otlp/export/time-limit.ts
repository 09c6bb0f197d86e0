/** The time limit of the requests to one destination. */
export interface TimeLimit {
  /** Returns the limit of the next request. */
  currentMs(): number;
  /** Raises the limit after a timeout. Returns false if `limitMs` was the longest limit. */
  missed(limitMs: number): boolean;
  /** Takes note of an answer to a request with records. Quick answers restore the first limit. */
  met(tookMs: number): void;
}

/** A record goes out at most three times. The third time has the longest limit. */
const GROWTH = 6;
const LARGEST_FACTOR = 32;
const LONGEST_MS = 600_000;
/** So many quick answers in a row restore the first limit. */
const QUICK_IN_A_ROW = 10;

/**
 * Creates a time limit that starts at `firstMs` and grows with each timeout: a slow collector stores a copy with each request
 * that times out.
 */
export function createTimeLimit(firstMs: number): TimeLimit {
  const longestMs = Math.max(firstMs, Math.min(firstMs * LARGEST_FACTOR, LONGEST_MS));
  let currentMs = firstMs;
  let quick = 0;
  return {
    currentMs: () => currentMs,
    missed(limitMs) {
      quick = 0;
      // Several requests with the same limit raise it once.
      currentMs = Math.max(currentMs, Math.min(limitMs * GROWTH, longestMs));
      return limitMs < longestMs;
    },
    met(tookMs) {
      quick = tookMs < firstMs ? quick + 1 : 0;
      if (quick >= QUICK_IN_A_ROW) currentMs = firstMs;
    },
  };
}
