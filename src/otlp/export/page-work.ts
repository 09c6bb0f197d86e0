import type { EncodedRecord } from "../../model.ts";
import type { Batch } from "./batch.ts";
import { MAX_COPIES } from "./blame.ts";
import type { Pause } from "./outcome.ts";

/** A single record that may be at fault. */
export interface Suspect {
  readonly batch: Batch;
  readonly why: string;
  /** The collector never refused the record: its requests only failed. */
  readonly neverRefused: boolean;
}

/** What is left to deliver of a page. */
export interface PageWork {
  /** A stack: the next batch is the last one. */
  pending: Batch[];
  suspects: Suspect[];
  /** Suspects that were sent again after the collector had accepted another record. A second refusal is the record's fault. */
  readonly resent: Set<EncodedRecord>;
  /** All suspects so far. A record that is refused again does not count as another one. */
  readonly everSuspected: Set<EncodedRecord>;
  /** The collector has accepted a record of the page. */
  accepted: boolean;
  /** The collector has accepted a record in this round. */
  acceptedInRound: boolean;
  /** The next round starts with one batch. The others follow once it is accepted. */
  oneBatchFirst: boolean;
  /** The next round starts with an empty request. */
  probeFirst: boolean;
  /** Set while records are sent one at a time. */
  isolation: Isolation | undefined;
}

/** The page is sent one record at a time, at growing intervals, until the collector accepts one. */
export interface Isolation {
  hold: Extract<Pause, { status: "hold" }>;
  /** Records sent and not accepted. */
  failures: number;
  /** Probes that send only an empty request before the next record. */
  emptyProbesLeft: number;
}

/** Starts with batches that were not sent yet. */
export function createPageWork(batches: readonly Batch[]): PageWork {
  return {
    pending: batches.toReversed(),
    suspects: [],
    resent: new Set(),
    everSuspected: new Set(),
    accepted: false,
    acceptedInRound: false,
    oneBatchFirst: false,
    probeFirst: false,
    isolation: undefined,
  };
}

/** Takes out the batches that got as many unreadable responses as a record may have copies: the collector may store each copy. */
export function takeExhausted(work: PageWork): Batch[] {
  const isExhausted = ({ unreadableInARow }: Batch) => unreadableInARow >= MAX_COPIES;
  const exhausted = work.pending.filter(isExhausted);
  work.pending = work.pending.filter((batch) => !isExhausted(batch));
  return exhausted;
}

/** Whether each suspect failed often enough as a single record. The failure of a larger batch may be due to its size. */
export function allFailedSingly({ suspects }: PageWork): boolean {
  return suspects.every(({ batch }) => batch.doubts >= MAX_COPIES && batch.singleAttempts > 1);
}

/** Takes out the record with the fewest attempts, as a batch of its own. */
export function takeSingle(work: PageWork): Batch | undefined {
  const suspect = leastAttempted(work.suspects, ({ batch }) => batch);
  const batch = leastAttempted(work.pending.toReversed(), (pending) => pending);
  if (suspect && (!batch || suspect.batch.attempts < batch.attempts)) {
    work.suspects = work.suspects.filter((each) => each !== suspect);
    return suspect.batch;
  }
  const [record, ...others] = batch?.records ?? [];
  if (!batch || !record) return undefined;
  work.pending = work.pending.flatMap((each) => {
    if (each !== batch) return [each];
    return others.length > 0 ? [{ ...batch, records: others }] : [];
  });
  return { ...batch, records: [record] };
}

function leastAttempted<Item>(items: readonly Item[], batchOf: (item: Item) => Batch): Item | undefined {
  return items.toSorted((one, other) => batchOf(one).attempts - batchOf(other).attempts)[0];
}

const LONGEST_INTERVAL_MS = 300_000;
/** The interval before a fourth copy. A collector that stores without acknowledging stores it too. */
const INTERVAL_AFTER_LAST_COPY_MS = 3_600_000;
/** The last copy goes out in the tenth probe: a failure of some minutes does not use it up. */
const EMPTY_PROBES_BEFORE_LAST_COPY = 8;

/** Returns how many probes send only an empty request before the next record goes out. The number grows with the failures. */
export function emptyProbesBeforeNext(
  { pending, suspects }: PageWork,
  { failures, probeMs }: { failures: number; probeMs: number },
): number {
  const longest = Math.ceil(LONGEST_INTERVAL_MS / probeMs);
  const left = [...pending, ...suspects.map(({ batch }) => batch)];
  if (left.every(({ doubts }) => doubts >= MAX_COPIES)) {
    const mayBeStored = left.some(({ lastDoubt }) => lastDoubt?.doubt !== "failed");
    return (mayBeStored ? Math.ceil(INTERVAL_AFTER_LAST_COPY_MS / probeMs) : longest) - 1;
  }
  if (left.every(({ records, doubts }) => records.length === 1 && doubts >= MAX_COPIES - 1)) {
    return EMPTY_PROBES_BEFORE_LAST_COPY;
  }
  return Math.min(2 ** Math.min(Math.max(failures - 2, 0), 30), longest) - 1;
}
