import type { Deliver, Outcome } from "../model.ts";
import type { Report } from "../runtime/events.ts";
import { type Patience, patiently } from "../runtime/retry.ts";
import { type BatchLimits, splitIntoBatches } from "./batch.ts";
import {
  decide,
  holdOfAll,
  isCleared,
  maySetAside,
  type PageEvidence,
  SUSPECTS_THAT_HOLD,
  type Trouble,
  troubleOfProbe,
} from "./blame.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Destination } from "./destination.ts";
import type { Send } from "./exporter.ts";
import {
  type Alone,
  afterTry,
  type Batch,
  createPageWork,
  halves,
  isToBeSplit,
  type PageWork,
  restsOf,
  takeExhausted,
  takeSingle,
} from "./page-work.ts";
import { createSetAside } from "./set-aside.ts";

/** What the delivery of one source is made of. */
export interface DeliverOptions {
  readonly source: string;
  readonly send: Send;
  readonly destination: Destination;
  readonly batches: BatchLimits;
  /** Requests in flight at once. */
  readonly concurrency: number;
  readonly deadLetters: DeadLetters;
  readonly patience: Omit<Patience, "target">;
  readonly report: Report;
}

/**
 * Makes the function that delivers a page. It goes over the page's batches in rounds: a round sends what is pending, several
 * requests at once, and ends early when the collector is in trouble, so that there is one backoff and one report however
 * many requests had been in flight. After trouble an empty request goes first, and then one batch: a collector that stores
 * what it does not acknowledge sees few copies. A refused batch is halved until the record at fault is alone. What an
 * answer means for a batch is decided in `blame.ts`.
 */
export function createDeliver(options: DeliverOptions): Deliver {
  const { source, send, destination, patience } = options;
  const setAside = createSetAside(options.deadLetters, patience);
  /** Survives the page: with one entry a minute the three in a row come from three pages. */
  let refusedInARow = 0;

  return async (records, signal) => {
    const work = createPageWork(splitIntoBatches(records, options.batches));
    await patiently(({ holds }) => sendRound(work, { holds, signal }), { ...patience, target: "collector" }, signal);
  };

  async function sendRound(work: PageWork, round: Round): Promise<Outcome<void>> {
    work.proven = false;
    const trouble = (await sendCarefully(work, round)) ?? (await sendPending(work, round));
    if (trouble) return trouble;
    if (work.suspects.length > 0 && !maySetAside(evidenceOf(work, round))) {
      return holdAlone(work, work.suspects.at(-1)?.why ?? "");
    }
    // One more in the next page, and the collector is in doubt again.
    refusedInARow = Math.min(refusedInARow, SUSPECTS_THAT_HOLD - 1);
    await setSuspectsAside(work, round.signal);
    return { status: "ok", value: undefined };
  }

  /** After trouble: an empty request, and then one batch, or one record where the collector may be at fault. */
  async function sendCarefully(work: PageWork, round: Round): Promise<Trouble | undefined> {
    if (!work.careful) return undefined;
    const probed = work.probe ? troubleOfProbe(await send([])) : undefined;
    if (probed) return probed;
    work.probe = false;
    if (isCleared(evidenceOf(work, round))) work.alone = undefined;
    if (work.alone) return sendSingle(work, work.alone, round);
    work.careful = false;
    const batch = work.pending.pop();
    return batch && sendBatch(batch, work, round);
  }

  /** Sends a single record, if it is time for one; no trouble means that it was accepted, or that nothing but suspects is left. */
  async function sendSingle(work: PageWork, alone: Alone, round: Round): Promise<Trouble | undefined> {
    if (work.pending.length === 0 && maySetAside(evidenceOf(work, round))) return undefined;
    if (alone.rests > 0) {
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
    work.alone = { ...work.alone, failed, rests: restsOf(work, { failed, probeMs: patience.probeMs }) };
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

  /** Sends one batch and puts back what is left of it; returns the trouble that ends the round, if any. */
  async function sendBatch(batch: Batch, work: PageWork, round: Round): Promise<Trouble | undefined> {
    if (isToBeSplit(batch)) {
      work.pending.push(...halves(batch));
      return undefined;
    }
    const { records, doubts } = batch;
    const outcome = await send(records);
    const proven = work.proven || isCleared(evidenceOf(work, round));
    const acknowledged = destination.hasAcknowledged();
    const decision = decide(outcome, { records: records.length, doubts, acknowledged, proven });
    const tried = afterTry(batch, outcome);
    switch (decision.next) {
      case "done":
        await accept(work, round.signal);
        return undefined;
      case "set aside":
        if (decision.others) await accept(work, round.signal);
        await setAside(records, decision.why, round.signal);
        return undefined;
      case "split":
        work.pending.push(...halves(tried));
        return undefined;
      case "suspect":
        return suspect(tried, work, { why: decision.why, unsure: outcome.status !== "refused" && !proven, round });
      case "again":
        work.pending.push(tried);
        return again(work, { trouble: decision.trouble, isDoubt: outcome.doubt !== undefined });
      case "alone":
        work.pending.push(tried);
        return holdAlone(work, decision.why);
    }
  }

  /** Keeps a record that is to blame, or else the collector is: returns a hold when it may be the collector. */
  function suspect(
    batch: Batch,
    work: PageWork,
    { why, unsure, round }: { why: string; unsure: boolean; round: Round },
  ): Trouble | undefined {
    const wasRetried = batch.records.some((record) => work.retried.has(record));
    work.suspects.push({ batch, why, unsure: unsure && !wasRetried });
    if (wasRetried && !work.alone) return undefined;
    refusedInARow++;
    if (isCleared(evidenceOf(work, round))) return undefined;
    const mayBeCollector = refusedInARow >= SUSPECTS_THAT_HOLD && work.pending.length > 0;
    return work.alone || unsure || mayBeCollector ? holdAlone(work, why) : undefined;
  }

  function again(work: PageWork, { trouble, isDoubt }: { trouble: Trouble; isDoubt: boolean }): Trouble {
    if (isDoubt && work.alone) return holdAlone(work, trouble.why);
    // A collector that says when to come back is not asked for anything else before.
    work.probe ||= isDoubt || trouble.status === "hold";
    work.careful ||= work.probe;
    return trouble;
  }

  function holdAlone(work: PageWork, why: string): Trouble {
    const trouble = holdOfAll(why, { acknowledged: destination.hasAcknowledged(), refusedInARow });
    work.alone = { failed: 0, rests: 0, ...work.alone, trouble };
    work.careful = true;
    work.probe = true;
    return trouble;
  }

  /** The collector takes records, so that those which it refused are at fault, unless it was at fault itself at the time. */
  async function accept(work: PageWork, signal: AbortSignal): Promise<void> {
    refusedInARow = 0;
    work.accepted = true;
    work.proven = true;
    await destination.acknowledge(source, signal);
    if (!work.alone) return setSuspectsAside(work, signal);
    work.alone = undefined;
    for (const { batch } of work.suspects.splice(0)) {
      for (const record of batch.records) work.retried.add(record);
      work.pending.push(batch);
    }
    for (const batch of takeExhausted(work)) await setAside(batch.records, batch.last?.why ?? "", signal);
  }

  async function setSuspectsAside(work: PageWork, signal: AbortSignal): Promise<void> {
    const suspects = work.suspects.splice(0);
    for (const why of new Set(suspects.map((each) => each.why))) {
      const records = suspects.filter((each) => each.why === why).flatMap(({ batch }) => batch.records);
      await setAside(records, why, signal);
    }
  }

  function evidenceOf({ accepted, alone, suspects }: PageWork, { holds }: Round): PageEvidence {
    const acknowledged = destination.hasAcknowledged();
    const unsure = suspects.some((each) => each.unsure);
    return { acknowledged, accepted, alone: alone !== undefined, holds, refusedInARow, unsure };
  }
}

interface Round {
  /** How often the page was held before. */
  readonly holds: number;
  readonly signal: AbortSignal;
}

/** Of two troubles the one in which the collector named the later time: it asked for that time for every request. */
function longer(one: Trouble | undefined, other: Trouble): Trouble {
  return one && afterMsOf(one) >= afterMsOf(other) ? one : other;
}

function afterMsOf(trouble: Trouble): number {
  return trouble.status === "retry" ? (trouble.afterMs ?? 0) : 0;
}
