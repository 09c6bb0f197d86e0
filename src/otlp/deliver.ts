import type { Deliver, EncodedRecord, Outcome } from "../model.ts";
import type { Report } from "../runtime/events.ts";
import { type Patience, patiently } from "../runtime/retry.ts";
import { type BatchLimits, splitIntoBatches } from "./batch.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Send } from "./exporter.ts";

/** What the delivery of one source is made of. */
export interface DeliverOptions {
  readonly source: string;
  readonly send: Send;
  readonly batches: BatchLimits;
  /** Requests in flight at once. */
  readonly concurrency: number;
  readonly deadLetters: DeadLetters;
  readonly patience: Omit<Patience, "target">;
  readonly report: Report;
}

/** So many records refused one after the other, and none accepted between: then the fault is not the records'. */
const SUSPECTS_THAT_HOLD = 3;
/** A failure that lasts for so many probes may be the records' doing. */
const HOLDS_BEFORE_BLAMING_RECORDS = 10;

/** What is left of a page to deliver, and what is known of the records that were refused alone. */
interface Work {
  readonly pending: EncodedRecord[][];
  readonly suspects: { record: EncodedRecord; why: string }[];
  /** The collector has accepted some of the page. */
  accepted: boolean;
  /** So many were refused in a row that the collector may be at fault for all of the suspects. */
  inDoubt: boolean;
  /** Suspects of that time, sent once more: a second refusal tells against them, not against the collector. */
  readonly retried: Set<EncodedRecord>;
}

type Trouble = Extract<Outcome<void>, { status: "retry" | "hold" }>;

/**
 * Makes the function that delivers a page. It goes over the page's batches in rounds: a round sends what is pending, several
 * requests at once, and ends early when the collector is in trouble, so that there is one backoff and one report however
 * many requests had been in flight. A refused batch is halved until the record at fault is alone, which is then set aside.
 */
export function createDeliver(options: DeliverOptions): Deliver {
  const { source, send, deadLetters, report } = options;
  /** Survives the page: with one entry a minute the three in a row come from three pages. */
  let refusedInARow = 0;
  let settingAside: Promise<void> = Promise.resolve();

  return async (records, signal) => {
    const pending = splitIntoBatches(records, options.batches).reverse();
    const work: Work = { pending, suspects: [], accepted: false, inDoubt: false, retried: new Set() };
    await patiently(
      ({ holds }) => sendRound(work, holds, signal),
      { ...options.patience, target: "collector" },
      signal,
    );
  };

  async function sendRound(work: Work, holds: number, signal: AbortSignal): Promise<Outcome<void>> {
    let trouble: Trouble | undefined;
    await Promise.all(
      Array.from({ length: options.concurrency }, async () => {
        for (let batch = work.pending.pop(); batch; batch = trouble ? undefined : work.pending.pop()) {
          const found = await sendBatch(batch, work, { holds, signal });
          if (found) trouble = longer(trouble, found);
        }
      }),
    );
    if (trouble) return trouble;
    if (refusedInARow >= SUSPECTS_THAT_HOLD && !isCleared(work, holds)) {
      work.pending.push(...work.suspects.splice(0).map(({ record }) => [record]));
      return faultOfAll();
    }
    // One more in the next page, and the collector is in doubt again.
    refusedInARow = Math.min(refusedInARow, SUSPECTS_THAT_HOLD - 1);
    await setSuspectsAside(work, signal);
    return { status: "ok", value: undefined };
  }

  /** Sends one batch and puts back what is left of it; returns the trouble that ends the round, if any. */
  async function sendBatch(
    batch: EncodedRecord[],
    work: Work,
    { holds, signal }: { holds: number; signal: AbortSignal },
  ): Promise<Trouble | undefined> {
    const outcome = await send(batch);
    switch (outcome.status) {
      case "ok":
        await judgeSuspects(work, signal);
        return undefined;
      case "retry":
        work.pending.push(batch);
        return outcome;
      case "hold":
        if (holds >= HOLDS_BEFORE_BLAMING_RECORDS && outcome.mayBeRecords) return split(batch, work, outcome.why);
        work.pending.push(batch);
        return outcome;
      case "refused":
        if (outcome.refusal.kind === "records") return split(batch, work, outcome.refusal.why);
        await setAside(batch, partialReason(outcome.refusal, batch.length), signal);
        await judgeSuspects(work, signal);
        return undefined;
    }
  }

  function split(batch: EncodedRecord[], work: Work, why: string): Trouble | undefined {
    const [record] = batch;
    if (batch.length === 1 && record) {
      work.suspects.push({ record, why });
      if (work.retried.has(record)) return undefined;
      if (++refusedInARow < SUSPECTS_THAT_HOLD || work.pending.length === 0) return undefined;
      work.inDoubt = true;
      return faultOfAll();
    }
    const middle = Math.ceil(batch.length / 2);
    work.pending.push(batch.slice(middle), batch.slice(0, middle));
    return undefined;
  }

  /** The collector takes records, so that those which it refused are at fault, unless it was at fault itself at the time. */
  async function judgeSuspects(work: Work, signal: AbortSignal): Promise<void> {
    refusedInARow = 0;
    work.accepted = true;
    if (!work.inDoubt) return setSuspectsAside(work, signal);
    work.inDoubt = false;
    for (const { record } of work.suspects.splice(0)) {
      work.retried.add(record);
      work.pending.push([record]);
    }
  }

  async function setSuspectsAside(work: Work, signal: AbortSignal): Promise<void> {
    const suspects = work.suspects.splice(0);
    for (const why of new Set(suspects.map((suspect) => suspect.why))) {
      await setAside(
        suspects.filter((suspect) => suspect.why === why).map(({ record }) => record),
        why,
        signal,
      );
    }
  }

  /** One after the other: while the folder cannot be written there is one report, however many batches wait for it. */
  function setAside(records: EncodedRecord[], why: string, signal: AbortSignal): Promise<void> {
    settingAside = settingAside.catch(() => {}).then(() => setAsideNow(records, why, signal));
    return settingAside;
  }

  /** Records are as good as delivered once they are in the dead-letter folder: until then this waits. */
  async function setAsideNow(records: EncodedRecord[], why: string, signal: AbortSignal): Promise<void> {
    const patience = { ...options.patience, target: "dead_letters" } as const;
    const written = await patiently(() => deadLetters.write(source, records, why), patience, signal);
    if (written.status === "ok") {
      report({ event: "records_set_aside", source, records: records.length, why, file: written.value });
    }
  }
}

/**
 * Whether the collector is not at fault for a page of which nothing but suspects is left: it took the others just before, or
 * goes on to refuse these for so long that waiting would only block the records behind them.
 */
function isCleared({ accepted, inDoubt }: Work, holds: number): boolean {
  return accepted && (!inDoubt || holds >= HOLDS_BEFORE_BLAMING_RECORDS);
}

/** Of two troubles the one in which the collector named the later time: it asked for that time for every request. */
function longer(one: Trouble | undefined, other: Trouble): Trouble {
  return one && afterMsOf(one) >= afterMsOf(other) ? one : other;
}

function afterMsOf(trouble: Trouble): number {
  return trouble.status === "retry" ? (trouble.afterMs ?? 0) : 0;
}

function partialReason({ rejected, message }: { rejected: number; message: string }, sent: number): string {
  return `The collector rejected ${rejected} of ${sent} records without saying which${message && `: ${message}`}`;
}

function faultOfAll(): Trouble {
  return {
    status: "hold",
    why: `The collector refused ${SUSPECTS_THAT_HOLD} records in a row, each on its own`,
    remedy: "look into the collector's log: it is not the records that are at fault",
  };
}
