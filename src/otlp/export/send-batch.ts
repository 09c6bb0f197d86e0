import type { RetryPolicy } from "../../runtime/retry.ts";
import {
  decide,
  holdOfAll,
  isCleared,
  maySetAside,
  type PageEvidence,
  SUSPECTS_THAT_HOLD,
  type Trouble,
} from "./blame.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Destination } from "./destination.ts";
import type { Send } from "./exporter.ts";
import { afterTry, type Batch, halves, isToBeSplit, type PageWork, restsOf, takeExhausted } from "./page-work.ts";
import { createSetAside } from "./set-aside.ts";

/** What the batches of one source are sent with. */
export interface SendBatchOptions {
  readonly source: string;
  readonly send: Send;
  readonly destination: Destination;
  readonly deadLetters: DeadLetters;
  readonly retryPolicy: Omit<RetryPolicy, "target">;
}

/** One attempt at what is left of a page. */
export interface Round {
  /** How often the page was held before. */
  readonly holds: number;
  readonly signal: AbortSignal;
}

/** What happens to the batches of one source. */
export interface SendBatch {
  /** Sends one batch and puts back what is left of it; returns the trouble that ends the round, if any. */
  sendBatch(batch: Batch, work: PageWork, round: Round): Promise<Trouble | undefined>;
  evidenceOf(work: PageWork, round: Round): PageEvidence;
  /** Single records are sent from now on, since the collector may be at fault. */
  holdAlone(work: PageWork, why: string): Trouble;
  /** Sets the suspects of a page aside. */
  endPage(work: PageWork, signal: AbortSignal): Promise<void>;
}

/** Carries out what `blame.ts` decides. */
export function createSendBatch({ source, send, destination, deadLetters, retryPolicy }: SendBatchOptions): SendBatch {
  const setAside = createSetAside(deadLetters, retryPolicy);
  /** Survives the page: with one entry a minute the three in a row come from three pages. */
  let refusedInARow = 0;

  return {
    sendBatch,
    evidenceOf,
    holdAlone,
    async endPage(work, signal) {
      // One more in the next page, and the collector is in doubt again.
      refusedInARow = Math.min(refusedInARow, SUSPECTS_THAT_HOLD - 1);
      await setSuspectsAside(work, signal);
    },
  };

  async function sendBatch(batch: Batch, work: PageWork, round: Round): Promise<Trouble | undefined> {
    if (isToBeSplit(batch)) {
      work.pending.push(...halves(batch));
      return undefined;
    }
    const { records, doubts, unreadable } = batch;
    const outcome = await send(records);
    const proven = work.proven || isCleared(evidenceOf(work, round));
    const acknowledged = destination.hasAcknowledged();
    const decision = decide(outcome, { records: records.length, doubts, unreadable, acknowledged, proven });
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
        return suspect(tried, work, { why: decision.why, wasRefused: outcome.status === "refused", round });
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
    { why, wasRefused, round }: { why: string; wasRefused: boolean; round: Round },
  ): Trouble | undefined {
    const wasRetried = batch.records.some((record) => work.retried.has(record));
    const unsure = !wasRefused && !wasRetried;
    work.suspects.push({ batch, why, unsure });
    if (wasRetried && !work.alone) return undefined;
    for (const record of batch.records) {
      if (!work.blamed.has(record)) refusedInARow++;
      work.blamed.add(record);
    }
    const evidence = evidenceOf(work, round);
    if (isCleared(evidence) || (work.pending.length === 0 && maySetAside(evidence))) {
      work.alone = undefined;
      return undefined;
    }
    const mayBeCollector = refusedInARow >= SUSPECTS_THAT_HOLD && work.pending.length > 0;
    return work.alone || (unsure && !work.proven) || mayBeCollector ? holdAlone(work, why) : undefined;
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
    const rests = restsOf(work, { failed: 0, probeMs: retryPolicy.probeMs });
    work.alone = { failed: 0, rests, ...work.alone, trouble };
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
    const unsettled = work.suspects.filter(({ unsure }) => unsure || work.alone);
    work.suspects = work.suspects.filter((each) => !unsettled.includes(each));
    work.alone = undefined;
    for (const { batch } of unsettled) {
      for (const record of batch.records) work.retried.add(record);
      work.pending.push(batch);
    }
    await setSuspectsAside(work, signal);
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
