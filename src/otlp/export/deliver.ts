import type { Deliver, Outcome } from "../../model.ts";
import { retry } from "../../runtime/retry.ts";
import { type BatchLimits, splitIntoBatches } from "./batch.ts";
import { isCleared, maySetAside, type Trouble, troubleOfProbe } from "./blame.ts";
import { type Alone, createPageWork, failedAlone, type PageWork, restsOf, takeSingle } from "./page-work.ts";
import { createSendBatch, type Round, type SendBatchOptions } from "./send-batch.ts";

/** What the delivery of one source is made of. */
export interface DeliverOptions extends SendBatchOptions {
  readonly batches: BatchLimits;
  /** Requests in flight at once. */
  readonly concurrency: number;
}

/**
 * Makes the function that delivers a page. It goes over the page's batches in rounds: a round sends what is pending, several
 * requests at once, and ends early when the collector is in trouble, so that there is one backoff and one report however
 * many requests had been in flight. After trouble an empty request goes first, and then one batch: a collector that stores
 * what it does not acknowledge sees few copies. A refused batch is halved until the record at fault is alone. What an
 * answer means for a batch is decided in `blame.ts`.
 */
export function createDeliver(options: DeliverOptions): Deliver {
  const { send, destination, retryPolicy } = options;
  const { sendBatch, evidenceOf, holdAlone, endPage } = createSendBatch(options);

  return async (records, signal) => {
    const work = createPageWork(splitIntoBatches(records, options.batches));
    await retry(({ holds }) => sendRound(work, { holds, signal }), { ...retryPolicy, target: "collector" }, signal);
  };

  async function sendRound(work: PageWork, round: Round): Promise<Outcome<void>> {
    work.proven = false;
    const trouble = (await sendCarefully(work, round)) ?? (await sendPending(work, round));
    if (trouble) return trouble;
    if (work.suspects.length > 0 && !maySetAside(evidenceOf(work, round))) {
      return holdAlone(work, work.suspects.at(-1)?.why ?? "");
    }
    await endPage(work, round.signal);
    return { status: "ok", value: undefined };
  }

  /** After trouble: an empty request, and then one batch, or one record where the collector may be at fault. */
  async function sendCarefully(work: PageWork, round: Round): Promise<Trouble | undefined> {
    if (!work.careful) return undefined;
    const probed = work.probe ? troubleOfProbe(await send([]), destination.hasAcknowledged()) : undefined;
    if (probed) return probed;
    work.probe = false;
    if (work.alone) return sendSingle(work, work.alone, round);
    work.careful = false;
    const batch = work.pending.pop();
    return batch && sendBatch(batch, work, round);
  }

  /** Sends a single record, if it is time for one; no trouble means that it was accepted, or that nothing but suspects is left. */
  async function sendSingle(work: PageWork, alone: Alone, round: Round): Promise<Trouble | undefined> {
    const evidence = evidenceOf(work, round);
    const isLast = work.pending.length === 0 && maySetAside(evidence);
    if (isLast && failedAlone(work)) return undefined;
    if (alone.rests > 0 && !isLast && !isCleared(evidence)) {
      alone.rests--;
      work.probe = true;
      return alone.trouble;
    }
    const single = takeSingle(work);
    const trouble = single && (await sendBatch(single, work, round));
    if (!work.alone || !single) {
      work.careful = false;
      return trouble;
    }
    if (trouble && trouble !== work.alone.trouble) return trouble;
    const failed = alone.failed + 1;
    work.alone = { ...work.alone, failed, rests: restsOf(work, { failed, probeMs: retryPolicy.probeMs }) };
    return work.alone.trouble;
  }

  async function sendPending(work: PageWork, round: Round): Promise<Trouble | undefined> {
    let trouble: Trouble | undefined;
    await Promise.all(
      Array.from({ length: options.concurrency }, async () => {
        for (let batch = work.pending.pop(); batch; batch = trouble ? undefined : work.pending.pop()) {
          const found = await sendBatch(batch, work, round);
          if (found) trouble = longer(trouble, found);
        }
      }),
    );
    return trouble;
  }
}

/** Of two troubles the one in which the collector named the later time: it asked for that time for every request. */
function longer(one: Trouble | undefined, other: Trouble): Trouble {
  return one && afterMsOf(one) >= afterMsOf(other) ? one : other;
}

function afterMsOf(trouble: Trouble): number {
  return trouble.status === "retry" ? (trouble.afterMs ?? 0) : 0;
}
