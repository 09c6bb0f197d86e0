const MINUTE_MS = 60_000;

/** Asked once per call: undefined lets the call through, a number is how many whole seconds it has to wait. */
export type RateLimit = (nowMs: number) => number | undefined;

/** So many calls in any minute; what is refused does not count. */
export function createRateLimit(callsPerMinute: number): RateLimit {
  let calls: number[] = [];
  return (nowMs) => {
    if (callsPerMinute === Number.POSITIVE_INFINITY) return undefined;
    calls = calls.filter((at) => at > nowMs - MINUTE_MS);
    const oldest = calls[0] ?? nowMs;
    if (calls.length >= callsPerMinute) return Math.max(1, Math.ceil((oldest + MINUTE_MS - nowMs) / 1_000));
    calls.push(nowMs);
    return undefined;
  };
}
