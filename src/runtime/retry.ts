import type { Report, Target } from "../events.ts";
import type { Outcome } from "../model.ts";
import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** What is retried, for the events, and how. */
export interface RetryPolicy {
  readonly source: string;
  readonly target: Target;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  /** The wait before a held attempt is tried again. */
  readonly probeMs: number;
  /** Its signal ends the wait of a held attempt, for example when a new grant arrives. */
  readonly wake?: () => AbortSignal;
}

/** The outcomes that end retrying. */
export type RetryResult<Value, Refusal> = Extract<Outcome<Value, Refusal>, { status: "ok" | "refused" }>;

const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;

/**
 * Tries until the outcome is `ok` or `refused`. Never gives up, since that would lose records. Waits at least as long as the
 * outcome asks (`afterMs`). Rejects when `signal` aborts, or with the error that `attempt` throws.
 */
export async function retry<Value, Refusal>(
  attempt: (tries: { holds: number }) => Promise<Outcome<Value, Refusal>>,
  retryPolicy: RetryPolicy,
  signal: AbortSignal,
): Promise<RetryResult<Value, Refusal>> {
  const { source, target, clock, report } = retryPolicy;
  let failingSinceMs: number | undefined;
  let retries = 0;
  let holds = 0;
  for (;;) {
    signal.throwIfAborted();
    // Before the attempt: what changes while it runs is not in it.
    const woken = retryPolicy.wake?.();
    const outcome = await attempt({ holds });
    if (outcome.status === "ok" || outcome.status === "refused") {
      if (failingSinceMs !== undefined) {
        report({ event: "resumed", source, target, after_ms: Math.round(clock.monotonic() - failingSinceMs) });
      }
      return outcome;
    }
    signal.throwIfAborted();
    failingSinceMs ??= clock.monotonic();
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
      await sleepUnlessWoken(retryPolicy, woken, signal);
    }
  }
}

/** Exponential, half of it random, so that many daemons do not retry at the same time. */
function backoffMs(retries: number, random: Random): number {
  const full = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(retries, 16));
  return full * (0.5 + random.fraction() / 2);
}

async function sleepUnlessWoken(
  { clock, probeMs }: RetryPolicy,
  woken: AbortSignal | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!woken) return clock.sleep(probeMs, signal);
  await clock.sleep(probeMs, AbortSignal.any([signal, woken])).catch(() => signal.throwIfAborted());
}
