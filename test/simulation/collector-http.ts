import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Http, HttpResponse } from "../../src/runtime/http.ts";
import type { CollectorWorld } from "./collector-world.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export interface CollectorHttpOptions {
  readonly collector: CollectorWorld;
  readonly timeline: Timeline;
  readonly incarnation: Incarnation;
  readonly dice: RandomValues;
  readonly verdict: Verdict;
  /** How many requests may be in flight when the first of them is told to wait. */
  readonly concurrency: number;
  /** Whether a position of the source waits to be saved. */
  readonly isSaving: () => boolean;
  readonly troubleUntil: (ms: number) => void;
}

const NO_BYTES = Buffer.alloc(0);

/** The connection of one source of one process to the collector. */
export function createCollectorHttp(options: CollectorHttpOptions): Http {
  const { collector, timeline, incarnation, dice, verdict } = options;
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  let early = 0;

  return {
    async send(_url, { body = NO_BYTES, timeoutMs = Number.POSITIVE_INFINITY }, signal) {
      if (options.isSaving()) verdict.fail("nothing is exported while the position is unsaved", "an export");
      if (timeline.now() >= notBeforeMs) early = 0;
      else if (++early >= options.concurrency) verdict.fail("Retry-After is waited for", "by the export");
      return incarnation.perform(() => exchange(Buffer.from(body), timeoutMs, signal));
    },
    close: async () => {},
  };

  function exchange(body: Buffer, limitMs: number, signal: AbortSignal): HttpResponse {
    signal.throwIfAborted();
    incarnation.pass(dice.integer(1, 50), signal);
    const { answer, afterMs, breaks, slowMs = 0, arrived, lost } = collector.handle(body, timeline.now());
    if (afterMs !== undefined) {
      notBeforeMs = Math.max(notBeforeMs, timeline.now() + afterMs);
      options.troubleUntil(notBeforeMs);
    }
    const tookMs = answer || breaks ? dice.integer(1, 50) + slowMs : Number.POSITIVE_INFINITY;
    incarnation.pass(Math.min(tookMs, limitMs), signal);
    const isLate = tookMs > limitMs;
    (isLate || signal.aborted ? lost : arrived)?.();
    signal.throwIfAborted();
    if (isLate) throw new DOMException("No answer", "TimeoutError");
    if (!answer) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    return answer;
  }
}
