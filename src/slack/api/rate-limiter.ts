import type { Clock } from "../../runtime/clock.ts";

/** Spends requests so that no stretch of a minute holds more of them than allowed. */
export interface RateLimiter {
  /** Resolves when one more request may be sent; rejects only when `signal` aborts. */
  take(signal: AbortSignal): Promise<void>;
}

const MINUTE_MS = 60_000;

/**
 * Slack counts 50 calls a minute for the whole organisation, every audit app together
 * (docs.slack.dev/reference/audit-logs-api/methods-actions-reference), and allows short bursts.
 */
export function createRateLimiter(requestsPerMinute: number, clock: Clock): RateLimiter {
  const spent: number[] = [];
  return {
    async take(signal) {
      for (;;) {
        const now = clock.monotonic();
        while (spent[0] !== undefined && now - spent[0] >= MINUTE_MS) spent.shift();
        const oldest = spent[0];
        if (oldest === undefined || spent.length < requestsPerMinute) break;
        await clock.sleep(oldest + MINUTE_MS - now, signal);
      }
      spent.push(clock.monotonic());
    },
  };
}
