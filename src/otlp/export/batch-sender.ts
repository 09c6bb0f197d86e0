import type { RetryPolicy } from "../../runtime/retry.ts";
import { afterAttempt, type Batch, halve, isDueForSplit } from "./batch.ts";
import {
  decide,
  isCollectorCleared,
  isolationHold,
  maySetAside,
  type PageEvidence,
  SUSPECTS_THAT_ISOLATE,
} from "./blame.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Destination } from "./destination.ts";
import type { Pause } from "./outcome.ts";
import { emptyProbesBeforeNext, type PageWork, takeExhausted } from "./page-work.ts";
import type { Send } from "./send.ts";
import { createSetAside } from "./set-aside.ts";

/** How the batches of one source are sent. */
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

/** Sends the batches of one source and keeps account of its suspects. */
export interface BatchSender {
  /** Sends one batch and puts back what is left of it. Resolves to the pause that ends the round, if any. */
  sendBatch(batch: Batch, work: PageWork, round: Round): Promise<Pause | undefined>;
  evidenceOf(work: PageWork, round: Round): PageEvidence;
  /** From now on, sends one record of the page at a time. */
  isolate(work: PageWork, why: string): Pause;
  /** Sets aside the suspects that are left. */
  finishPage(work: PageWork, signal: AbortSignal): Promise<void>;
}

/** Carries out the decisions of `blame.ts`. */
export function createBatchSender(options: SendBatchOptions): BatchSender {
  const { source, send, destination, deadLetters, retryPolicy } = options;
  const setAside = createSetAside(deadLetters, retryPolicy);
  /** Counts over all pages: at one entry a minute, three suspects in a row are in three pages. */
  let suspectsInARow = 0;

  return {
    sendBatch,
    evidenceOf,
    isolate,
    async finishPage(work, signal) {
      // One more suspect in the next page puts the collector in doubt again.
      suspectsInARow = Math.min(suspectsInARow, SUSPECTS_THAT_ISOLATE - 1);
      await setSuspectsAside(work, signal);
    },
  };

  async function sendBatch(batch: Batch, work: PageWork, round: Round): Promise<Pause | undefined> {
    if (isDueForSplit(batch)) {
      work.pending.push(...halve(batch));
      return undefined;
    }
    const { records, doubts, unreadableInARow } = batch;
    const outcome = await send(records);
    const decision = decide(outcome, {
      recordCount: records.length,
      doubts,
      unreadableInARow,
      acknowledged: destination.hasAcknowledged(),
      acceptsOthers: work.acceptedInRound || isCollectorCleared(evidenceOf(work, round)),
    });
    const attempted = afterAttempt(batch, outcome);
    switch (decision.next) {
      case "done":
        await accept(work, round.signal);
        return undefined;
      case "set aside":
        if (decision.acceptedSome) await accept(work, round.signal);
        await setAside(records, decision.why, round.signal);
        return undefined;
      case "split":
        work.pending.push(...halve(attempted));
        return undefined;
      case "suspect":
        return suspect(attempted, work, { why: decision.why, wasRefused: outcome.status === "refused", round });
      case "retry":
        work.pending.push(attempted);
        return retryLater(work, { pause: decision.pause, isDoubt: outcome.doubt !== undefined });
      case "isolate":
        work.pending.push(attempted);
        return isolate(work, decision.why);
    }
  }

  /** Keeps a record that may be at fault. Returns a hold if the collector may be at fault instead. */
  function suspect(
    batch: Batch,
    work: PageWork,
    { why, wasRefused, round }: { why: string; wasRefused: boolean; round: Round },
  ): Pause | undefined {
    const wasResent = batch.records.some((record) => work.resent.has(record));
    const neverRefused = !wasRefused && !wasResent;
    work.suspects.push({ batch, why, neverRefused });
    if (wasResent && !work.isolation) return undefined;
    for (const record of batch.records) {
      if (!work.everSuspected.has(record)) suspectsInARow++;
      work.everSuspected.add(record);
    }
    const evidence = evidenceOf(work, round);
    if (isCollectorCleared(evidence) || (work.pending.length === 0 && maySetAside(evidence))) {
      work.isolation = undefined;
      return undefined;
    }
    const isCollectorSuspect = suspectsInARow >= SUSPECTS_THAT_ISOLATE && work.pending.length > 0;
    const mustIsolate = work.isolation || (neverRefused && !work.acceptedInRound) || isCollectorSuspect;
    return mustIsolate ? isolate(work, why) : undefined;
  }

  function retryLater(work: PageWork, { pause, isDoubt }: { pause: Pause; isDoubt: boolean }): Pause {
    if (isDoubt && work.isolation) return isolate(work, pause.why);
    // A collector that names a time (Retry-After) gets no probe: it may count it as the one request that it allows.
    work.probeFirst ||= isDoubt || pause.status === "hold";
    work.oneBatchFirst ||= work.probeFirst;
    return pause;
  }

  function isolate(work: PageWork, why: string): Pause {
    const hold = isolationHold(why, { acknowledged: destination.hasAcknowledged(), suspectsInARow });
    work.isolation = work.isolation
      ? { ...work.isolation, hold }
      : {
          hold,
          failures: 0,
          emptyProbesLeft: emptyProbesBeforeNext(work, { failures: 0, probeMs: retryPolicy.probeMs }),
        };
    work.oneBatchFirst = true;
    work.probeFirst = true;
    return hold;
  }

  /**
   * The collector accepts records: the suspects are at fault. Those that were never refused or found in isolation may have
   * met a failing collector, and go out once more.
   */
  async function accept(work: PageWork, signal: AbortSignal): Promise<void> {
    suspectsInARow = 0;
    work.accepted = true;
    work.acceptedInRound = true;
    await destination.acknowledge(source, signal);
    const toResend = work.suspects.filter(({ neverRefused }) => neverRefused || work.isolation);
    work.suspects = work.suspects.filter((each) => !toResend.includes(each));
    work.isolation = undefined;
    for (const { batch } of toResend) {
      for (const record of batch.records) work.resent.add(record);
      work.pending.push(batch);
    }
    await setSuspectsAside(work, signal);
    for (const { records, lastDoubt } of takeExhausted(work)) await setAside(records, lastDoubt?.why ?? "", signal);
  }

  async function setSuspectsAside(work: PageWork, signal: AbortSignal): Promise<void> {
    const byReason = Map.groupBy(work.suspects.splice(0), ({ why }) => why);
    for (const [why, suspects] of byReason) {
      const records = suspects.flatMap(({ batch }) => batch.records);
      await setAside(records, why, signal);
    }
  }

  function evidenceOf({ accepted, isolation, suspects }: PageWork, { holds }: Round): PageEvidence {
    return {
      acknowledged: destination.hasAcknowledged(),
      accepted,
      isolated: isolation !== undefined,
      holds,
      suspectsInARow,
      someNeverRefused: suspects.some(({ neverRefused }) => neverRefused),
    };
  }
}
