import type { Deliver, LogRecord, Outcome } from "../model.ts";
import type { Report } from "../runtime/events.ts";
import { type Patience, patiently } from "../runtime/retry.ts";
import { type BatchLimits, splitIntoBatches } from "./batch.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Send } from "./exporter.ts";

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
/** A 5xx that lasts for so many probes may be one record's doing. */
const HOLDS_BEFORE_SPLITTING = 10;

/** What is left of a page to deliver, and what is known of the records that were refused alone. */
interface Work {
  readonly pending: LogRecord[][];
  suspects: { record: LogRecord; why: string }[];
}

/**
 * Makes the function that delivers a page. It goes over the page's batches in rounds: a round sends what is pending, several
 * requests at once, and ends early when the collector is in trouble, so that there is one backoff and one report however
 * many requests had been in flight. A refused batch is halved until the record at fault is alone, which is then set aside.
 */
export function createDeliver(options: DeliverOptions): Deliver {
  const { source, send, deadLetters, report } = options;
  /** Survives the page: with one entry a minute the three in a row come from three pages. */
  let refusedInARow = 0;

  return async (records, signal) => {
    const work: Work = { pending: splitIntoBatches(records, options.batches).reverse(), suspects: [] };
    await patiently(
      ({ holds }) => sendRound(work, holds, signal),
      { ...options.patience, target: "collector" },
      signal,
    );
  };

  async function sendRound(work: Work, holds: number, signal: AbortSignal): Promise<Outcome<void>> {
    let trouble: Outcome<void> | undefined;
    await Promise.all(
      Array.from({ length: options.concurrency }, async () => {
        for (let batch = work.pending.pop(); batch; batch = trouble ? undefined : work.pending.pop()) {
          trouble = (await sendBatch(batch, work, { holds, signal })) ?? trouble;
        }
      }),
    );
    if (trouble) return trouble;
    if (refusedInARow >= SUSPECTS_THAT_HOLD) {
      work.pending.push(...work.suspects.splice(0).map(({ record }) => [record]));
      return faultOfAll();
    }
    await setSuspectsAside(work, signal);
    return { status: "ok", value: undefined };
  }

  /** Sends one batch and puts back what is left of it; returns the trouble that ends the round, if any. */
  async function sendBatch(
    batch: LogRecord[],
    work: Work,
    { holds, signal }: { holds: number; signal: AbortSignal },
  ): Promise<Outcome<void> | undefined> {
    const outcome = await send(batch);
    switch (outcome.status) {
      case "ok":
        refusedInARow = 0;
        await setSuspectsAside(work, signal);
        return undefined;
      case "retry":
        work.pending.push(batch);
        return outcome;
      case "hold":
        if (holds >= HOLDS_BEFORE_SPLITTING && outcome.mayBeRecords) return split(batch, work, outcome.why);
        work.pending.push(batch);
        return outcome;
      case "refused":
        if (outcome.refusal.kind === "records") return split(batch, work, outcome.refusal.why);
        refusedInARow = 0;
        await setAside(batch, partialReason(outcome.refusal, batch.length), signal);
        return undefined;
    }
  }

  function split(batch: LogRecord[], work: Work, why: string): Outcome<void> | undefined {
    const [record] = batch;
    if (batch.length === 1 && record) {
      work.suspects.push({ record, why });
      return ++refusedInARow >= SUSPECTS_THAT_HOLD && work.pending.length > 0 ? faultOfAll() : undefined;
    }
    const middle = Math.ceil(batch.length / 2);
    work.pending.push(batch.slice(middle), batch.slice(0, middle));
    return undefined;
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

  /** Records are as good as delivered once they are in the dead-letter folder: until then this waits. */
  async function setAside(records: LogRecord[], why: string, signal: AbortSignal): Promise<void> {
    const patience = { ...options.patience, target: "dead_letters" } as const;
    const written = await patiently(() => deadLetters.write(source, records, why), patience, signal);
    if (written.status === "ok") {
      report({ event: "records_set_aside", source, records: records.length, why, file: written.value });
    }
  }
}

function partialReason({ rejected, message }: { rejected: number; message: string }, sent: number): string {
  return `The collector rejected ${rejected} of ${sent} records without saying which${message && `: ${message}`}`;
}

function faultOfAll(): Outcome<void> {
  return {
    status: "hold",
    why: `The collector refused ${SUSPECTS_THAT_HOLD} records in a row, each on its own`,
    remedy: "look into the collector's log: it is not the records that are at fault",
  };
}
