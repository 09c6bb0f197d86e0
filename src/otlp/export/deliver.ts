import type { Deliver, Outcome } from "../../model.ts";
import { retry } from "../../runtime/retry.ts";
import { type BatchLimits, splitIntoBatches } from "./batch.ts";
import { createBatchSender, type Round, type SendBatchOptions } from "./batch-sender.ts";
import { isCollectorCleared, maySetAside, pauseAfterProbe } from "./blame.ts";
import type { Pause } from "./outcome.ts";
import {
  allFailedSingly,
  createPageWork,
  emptyProbesBeforeNext,
  type Isolation,
  type PageWork,
  takeSingle,
} from "./page-work.ts";

/** How one source delivers its pages. */
export interface DeliverOptions extends SendBatchOptions {
  readonly batches: BatchLimits;
  /** Requests in flight at once. */
  readonly concurrency: number;
}

/**
 * Creates the function that delivers a page. It works in rounds: a round sends the pending batches, several at once, and ends
 * at the first pause, so there is one backoff and one report for all requests in flight. The round after a doubt or a hold
 * starts with an empty request and then one batch: a collector that stores records without acknowledging them gets few
 * copies. `blame.ts` decides what an outcome means for a batch.
 */
export function createDeliver(options: DeliverOptions): Deliver {
  const { send, destination, retryPolicy } = options;
  const { sendBatch, evidenceOf, isolate, finishPage } = createBatchSender(options);

  return async (records, signal) => {
    const work = createPageWork(splitIntoBatches(records, options.batches));
    await retry(({ holds }) => sendRound(work, { holds, signal }), { ...retryPolicy, target: "collector" }, signal);
  };

  async function sendRound(work: PageWork, round: Round): Promise<Outcome<void>> {
    work.acceptedInRound = false;
    const pause = (await sendFirst(work, round)) ?? (await sendPending(work, round));
    if (pause) return pause;
    if (work.suspects.length > 0 && !maySetAside(evidenceOf(work, round))) {
      return isolate(work, work.suspects.at(-1)?.why ?? "");
    }
    await finishPage(work, round.signal);
    return { status: "ok", value: undefined };
  }

  /** Sends an empty request if needed, and then one batch, or one record if the page is isolated. */
  async function sendFirst(work: PageWork, round: Round): Promise<Pause | undefined> {
    if (!work.oneBatchFirst) return undefined;
    const probed = work.probeFirst ? pauseAfterProbe(await send([]), destination.hasAcknowledged()) : undefined;
    if (probed) return probed;
    work.probeFirst = false;
    if (work.isolation) return sendSingle(work, work.isolation, round);
    work.oneBatchFirst = false;
    const batch = work.pending.pop();
    return batch && sendBatch(batch, work, round);
  }

  /** Sends a single record if it is due. Without a pause it was accepted, or only suspects are left. */
  async function sendSingle(work: PageWork, isolation: Isolation, round: Round): Promise<Pause | undefined> {
    const evidence = evidenceOf(work, round);
    const onlySuspectsLeft = work.pending.length === 0 && maySetAside(evidence);
    if (onlySuspectsLeft && allFailedSingly(work)) return undefined;
    if (isolation.emptyProbesLeft > 0 && !onlySuspectsLeft && !isCollectorCleared(evidence)) {
      isolation.emptyProbesLeft--;
      work.probeFirst = true;
      return isolation.hold;
    }
    const single = takeSingle(work);
    const pause = single && (await sendBatch(single, work, round));
    if (!work.isolation || !single) {
      work.oneBatchFirst = false;
      return pause;
    }
    if (pause && pause !== work.isolation.hold) return pause;
    const failures = isolation.failures + 1;
    const emptyProbesLeft = emptyProbesBeforeNext(work, { failures, probeMs: retryPolicy.probeMs });
    work.isolation = { hold: work.isolation.hold, failures, emptyProbesLeft };
    return work.isolation.hold;
  }

  async function sendPending(work: PageWork, round: Round): Promise<Pause | undefined> {
    let pause: Pause | undefined;
    await Promise.all(
      Array.from({ length: options.concurrency }, async () => {
        for (let batch = work.pending.pop(); batch; batch = pause ? undefined : work.pending.pop()) {
          const found = await sendBatch(batch, work, round);
          if (found) pause = longer(pause, found);
        }
      }),
    );
    return pause;
  }
}

/** Returns the pause in which the collector named the later time: it asks for that time for every request. */
function longer(one: Pause | undefined, other: Pause): Pause {
  return one && afterMsOf(one) >= afterMsOf(other) ? one : other;
}

function afterMsOf(pause: Pause): number {
  return pause.status === "retry" ? (pause.afterMs ?? 0) : 0;
}
