import type { RandomValues } from "../../src/demo/random-values.ts";
import { classifyResponse } from "../../src/otlp/export/classify-response.ts";
import type { Send } from "../../src/otlp/export/send.ts";
import { createTimeLimit } from "../../src/otlp/export/time-limit.ts";
import type { CollectorWorld } from "./collector-world.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export interface CollectorSendOptions {
  readonly collector: CollectorWorld;
  readonly timeline: Timeline;
  readonly incarnation: Incarnation;
  readonly dice: RandomValues;
  readonly verdict: Verdict;
  /** How many requests may be under way when a first one of them is told to wait. */
  readonly concurrency: number;
  /** Whether a position waits to be saved. */
  readonly isSaving: () => boolean;
  readonly troubleUntil: (ms: number) => void;
}

const TIMEOUT_MS = 10_000;
const LATE = { status: "retry", doubt: "late", why: "The collector did not answer in time" } as const;
const BROKEN = { status: "retry", doubt: "broken", why: "The connection broke" } as const;

/** The way of one process to the collector. As the real one, it never rejects, and it reads the real answer. */
export function createCollectorSend(options: CollectorSendOptions): Send {
  const { collector, timeline, incarnation, dice, verdict } = options;
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  let early = 0;
  const limit = createTimeLimit(TIMEOUT_MS);

  return async (records) => {
    if (options.isSaving()) verdict.fail("nothing is exported while the position is unsaved", "an export");
    const sentMs = timeline.now();
    if (sentMs >= notBeforeMs) early = 0;
    else if (++early >= options.concurrency) verdict.fail("Retry-After is waited for", "by the export");
    try {
      return await incarnation.perform(() => {
        incarnation.hardStop.throwIfAborted();
        incarnation.pass(dice.integer(1, 50), incarnation.hardStop);
        const { answer, afterMs, breaks, slowMs = 0, arrived, lost } = collector.handle(records, timeline.now());
        if (afterMs !== undefined) {
          notBeforeMs = Math.max(notBeforeMs, timeline.now() + afterMs);
          options.troubleUntil(notBeforeMs);
        }
        const limitMs = limit.currentMs();
        const tookMs = answer || breaks ? dice.integer(1, 50) + slowMs : Number.POSITIVE_INFINITY;
        incarnation.pass(Math.min(tookMs, limitMs), incarnation.hardStop);
        const isLost = tookMs > limitMs || incarnation.hardStop.aborted;
        (isLost ? lost : arrived)?.();
        incarnation.hardStop.throwIfAborted();
        if (isLost) {
          return limit.missed(limitMs) ? LATE : { ...LATE, doubt: "unanswered" };
        }
        if (records.length > 0) limit.met(tookMs);
        return answer
          ? classifyResponse(answer, { recordCount: records.length, now: incarnation.clock.now() })
          : BROKEN;
      });
    } catch {
      return BROKEN;
    }
  };
}
