import type { EncodedRecord } from "../../model.ts";
import { MOST_COPIES, type Trouble } from "./blame.ts";
import type { Doubt, ExportOutcome } from "./classify-response.ts";

/** Records that go out in one request, and how that went so far. */
export interface Batch {
  readonly records: readonly EncodedRecord[];
  /** How often it ended in doubt. */
  readonly doubts: number;
  /** How often it was not acknowledged: in doubt or refused. */
  readonly tries: number;
  /** How often of these it was one record. */
  readonly lone: number;
  /** How often in a row the answer was unreadable. */
  readonly unreadable: number;
  /** The last of the doubts. */
  readonly last?: { readonly doubt: Doubt; readonly why: string };
}

/** A record that may be at fault. */
export interface Suspect {
  readonly batch: Batch;
  readonly why: string;
  /** The collector never refused it: its requests only failed. */
  readonly unsure: boolean;
}

/** What is left of a page to deliver. */
export interface PageWork {
  /** The next one is the last. */
  pending: Batch[];
  suspects: Suspect[];
  /** Suspects that were sent once more when the collector had accepted another record: a second refusal tells against them. */
  readonly retried: Set<EncodedRecord>;
  /** What was ever a suspect: a record that is refused again is no other one. */
  readonly blamed: Set<EncodedRecord>;
  /** The collector has accepted some of the page. */
  accepted: boolean;
  /** It has done so in this round. */
  proven: boolean;
  /** One batch goes first, and the others once it is accepted. */
  careful: boolean;
  /** An empty request goes before that. */
  probe: boolean;
  /** Set while single records are sent. */
  alone: Alone | undefined;
}

const UNTRIED = { doubts: 0, tries: 0, lone: 0, unreadable: 0 };

/** The work of a page that was not sent yet. */
export function createPageWork(batches: readonly (readonly EncodedRecord[])[]): PageWork {
  return {
    pending: batches.map((records) => ({ records, ...UNTRIED })).reverse(),
    suspects: [],
    retried: new Set(),
    blamed: new Set(),
    accepted: false,
    proven: false,
    careful: false,
    probe: false,
    alone: undefined,
  };
}

/** The state of sending single records, further and further apart. */
export interface Alone {
  trouble: Extract<Trouble, { status: "hold" }>;
  /** How many were sent and not acknowledged. */
  failed: number;
  /** So many probes send an empty request only. */
  rests: number;
}

/** The halves of a batch, the first one last. They inherit one doubt: another one splits them again. */
export function halves({ records, doubts }: Batch): [Batch, Batch] {
  const middle = Math.ceil(records.length / 2);
  const inherited = { ...UNTRIED, doubts: Math.min(doubts, 1) };
  return [
    { ...inherited, records: records.slice(middle) },
    { ...inherited, records: records.slice(0, middle) },
  ];
}

/** A batch after an answer that was no acknowledgement. */
export function afterTry(batch: Batch, outcome: ExportOutcome): Batch {
  const { doubt } = outcome;
  const lone = batch.lone + (batch.records.length === 1 ? 1 : 0);
  if (outcome.status === "refused") return { ...batch, lone, tries: batch.tries + 1 };
  if (!doubt || outcome.status === "ok") return batch;
  const unreadable = doubt === "unreadable" ? batch.unreadable + 1 : 0;
  const { tries, doubts } = batch;
  return { ...batch, lone, unreadable, tries: tries + 1, doubts: doubts + 1, last: { doubt, why: outcome.why } };
}

/** Whether a batch was in doubt so often that it goes out in parts, now that the collector takes records. */
export function isToBeSplit({ records, doubts, last }: Batch): boolean {
  return records.length > 1 && doubts > 1 && last !== undefined && last.doubt !== "unreadable";
}

/** Takes out what was answered so often by nonsense that a collector which stores all the same has as many copies as it may have. */
export function takeExhausted(work: PageWork): Batch[] {
  const isExhausted = ({ unreadable }: Batch) => unreadable >= MOST_COPIES;
  const exhausted = work.pending.filter(isExhausted);
  work.pending = work.pending.filter((batch) => !isExhausted(batch));
  return exhausted;
}

/** Whether all suspects failed on their own often enough to be judged: a failure of the batch that they were in may be due to its size. */
export function failedAlone({ suspects }: PageWork): boolean {
  return suspects.every(({ batch }) => batch.doubts >= MOST_COPIES && batch.lone > 1);
}

/** Takes the single record that went out least often out of the page. */
export function takeSingle(work: PageWork): Batch | undefined {
  const suspect = leastTried(work.suspects, ({ batch }) => batch);
  const batch = leastTried(work.pending.toReversed(), (pending) => pending);
  if (suspect && (!batch || suspect.batch.tries < batch.tries)) {
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

function leastTried<Item>(items: readonly Item[], batchOf: (item: Item) => Batch): Item | undefined {
  return items.toSorted((one, other) => batchOf(one).tries - batchOf(other).tries)[0];
}

const LONGEST_REST_MS = 300_000;
/** How long before a fourth copy, which a collector that stores what it does not acknowledge would store too. */
const REST_OF_EXHAUSTED_MS = 3_600_000;
/** The last copy goes out in the tenth probe, so that a failure of some minutes does not use it up. */
const RESTS_BEFORE_LAST_COPY = 8;

/** How many probes send an empty request only, before the next single record: more and more of them. */
export function restsOf(
  { pending, suspects }: PageWork,
  { failed, probeMs }: { failed: number; probeMs: number },
): number {
  const longest = Math.ceil(LONGEST_REST_MS / probeMs);
  const left = [...pending, ...suspects.map(({ batch }) => batch)];
  if (left.every(({ doubts }) => doubts >= MOST_COPIES)) {
    const storesPerhaps = left.some(({ last }) => last?.doubt !== "failed");
    return (storesPerhaps ? Math.ceil(REST_OF_EXHAUSTED_MS / probeMs) : longest) - 1;
  }
  if (left.every(({ records, doubts }) => records.length === 1 && doubts >= MOST_COPIES - 1)) {
    return RESTS_BEFORE_LAST_COPY;
  }
  return Math.min(2 ** Math.min(Math.max(failed - 2, 0), 30), longest) - 1;
}
