import type { Report, Target } from "../events.ts";
import type { Outcome } from "../model.ts";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** Who tries what, and how slowly. */
export interface RetryPolicy {
  readonly source: string;
  readonly target: Target;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  /** How long a held attempt waits before it is probed again. */
  readonly probeMs: number;
  /** Aborts when something happened that makes a held attempt worth trying at once, such as a new grant. */
  readonly wake?: () => AbortSignal;
}

/** What retryPolicy ends in: nothing else comes back to the caller. */
export type RetryResult<Value, Refusal> = Extract<Outcome<Value, Refusal>, { status: "ok" | "refused" }>;

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Tries until there is an answer: for ever, since giving up is how records get lost. This is the one place where anything
 * is tried again. A time that the other side names is waited for in full; `retryAfterMs` bounds it to an hour. Rejects only when `signal` aborts.
 */
export async function retry<Value, Refusal>(
  attempt: (tries: { holds: number }) => Promise<Outcome<Value, Refusal>>,
  retryPolicy: RetryPolicy,
  signal: AbortSignal,
): Promise<RetryResult<Value, Refusal>> {
  const { source, target, clock, report } = retryPolicy;
  let troubleSinceMs: number | undefined;
  let retries = 0;
  let holds = 0;
  for (;;) {
    signal.throwIfAborted();
    const outcome = await attempt({ holds });
    if (outcome.status === "ok" || outcome.status === "refused") {
      if (troubleSinceMs !== undefined) {
        report({ event: "resumed", source, target, after_ms: Math.round(clock.monotonic() - troubleSinceMs) });
      }
      return outcome;
    }
    signal.throwIfAborted();
    troubleSinceMs ??= clock.monotonic();
    if (outcome.status === "retry") {
      const afterMs = Math.max(outcome.afterMs ?? 0, backoffMs(retries++, retryPolicy.random));
      report({ event: "retrying", source, target, why: outcome.why, attempt: retries, after_ms: Math.round(afterMs) });
      await clock.sleep(afterMs, signal);
    } else {
      holds++;
      report({
        event: "held",
        source,
        target,
        why: outcome.why,
        remedy: outcome.remedy,
        probe_ms: retryPolicy.probeMs,
      });
      await sleepUnlessWoken(retryPolicy, signal);
    }
  }
}

/** Exponential, with half of it random so that many daemons do not knock in step. */
function backoffMs(retries: number, random: Random): number {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(retries, 16));
  return full * (0.5 + random.fraction() / 2);
}

async function sleepUnlessWoken({ clock, probeMs, wake }: RetryPolicy, signal: AbortSignal): Promise<void> {
  if (!wake) return clock.sleep(probeMs, signal);
  await clock.sleep(probeMs, AbortSignal.any([signal, wake()])).catch(() => signal.throwIfAborted());
}
