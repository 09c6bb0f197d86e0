const MINUTE_MS = 60_000;

/** Called once per request. Undefined permits the request; a number is the `Retry-After` in whole seconds. */
export type RateLimit = (nowMs: number) => number | undefined;

/** Permits this many requests in any 60 seconds. Refused requests do not count. */
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
