import type { Outcome } from "../../model.ts";
import type { Doubt, ExportOutcome, ExportRefusal } from "./classify-response.ts";
import { remedyOfFirstContact } from "./remedy.ts";

/** An outcome after which the collector is left alone for a while. */
export type Trouble = Extract<Outcome<void>, { status: "retry" | "hold" }>;

/** What is known when an answer to a batch has come. */
export interface Evidence {
  /** How many records the batch has. */
  readonly records: number;
  /** How often its fate was in doubt before this answer. */
  readonly doubts: number;
  /** How often in a row the answers before were unreadable. */
  readonly unreadable: number;
  /** The destination has acknowledged a record of this configuration, now or in an earlier run. */
  readonly acknowledged: boolean;
  /** It has acknowledged one since the last trouble: so this batch is at fault, not the collector. */
  readonly proven: boolean;
}

/** What to do with a batch next. */
export type Decision =
  | { readonly next: "done" }
  /** Put it back, and end the round. */
  | { readonly next: "again"; readonly trouble: Trouble }
  /** Put it back, end the round, and send single records until one is acknowledged. */
  | { readonly next: "alone"; readonly why: string }
  /** Send its halves. */
  | { readonly next: "split" }
  /** It is one record: keep it until it is known whether the record or the collector is at fault. */
  | { readonly next: "suspect"; readonly why: string }
  /** `others`: some of its records were acknowledged. */
  | { readonly next: "set aside"; readonly why: string; readonly others: boolean };

/** A record goes out so often, and then somebody else's answer decides what becomes of it. */
export const MOST_COPIES = 3;
/** A batch that was in doubt so often goes out in parts. The third copy is for the time when the collector is mended. */
const DOUBTS_THAT_SPLIT = 2;

/** Decides by one answer and by what has been answered before. Every doubt is followed by an empty request, which was acknowledged. */
export function decide(outcome: ExportOutcome, evidence: Evidence): Decision {
  switch (outcome.status) {
    case "ok":
      return { next: "done" };
    case "refused":
      return decideRefusal(outcome.refusal, evidence);
    case "retry":
    case "hold":
      return outcome.doubt ? decideDoubt(outcome, outcome.doubt, evidence) : { next: "again", trouble: outcome };
  }
}

function decideRefusal(refusal: ExportRefusal, { records, acknowledged }: Evidence): Decision {
  const why = refusal.kind === "records" ? refusal.why : partialReason(refusal, records);
  const others = refusal.kind === "partial" && refusal.rejected < records;
  if (refusal.kind === "partial" && (acknowledged || others)) return { next: "set aside", why, others };
  if (records === 1) return { next: "suspect", why };
  return refusal.kind === "records" ? { next: "split" } : { next: "alone", why };
}

function decideDoubt(trouble: Trouble, doubt: Doubt, evidence: Evidence): Decision {
  const { records, acknowledged, proven } = evidence;
  const { why } = trouble;
  const times = evidence.doubts + 1;
  if (doubt === "unreadable" && acknowledged) {
    if (evidence.unreadable + 1 < MOST_COPIES) return { next: "again", trouble };
    return { next: "set aside", why: `${why}, ${MOST_COPIES} times in a row`, others: false };
  }
  if (times < DOUBTS_THAT_SPLIT) return { next: "again", trouble };
  if (doubt === "unreadable") return { next: "alone", why };
  // The next time it is given longer.
  if (records === 1 && doubt === "late") return { next: "again", trouble };
  if (records === 1) return { next: "suspect", why };
  return proven ? { next: "split" } : { next: "alone", why };
}

function partialReason({ rejected, message }: { rejected: number; message: string }, sent: number): string {
  return `The collector rejected ${rejected} of ${sent} records without saying which${message && `: ${message}`}`;
}

/**
 * The trouble in the answer to an empty request. A server may refuse requests without records, and take those with some: then
 * the next batch tells.
 */
export function troubleOfProbe(outcome: ExportOutcome, acknowledged: boolean): Trouble | undefined {
  if (outcome.status === "ok" || outcome.status === "refused") return undefined;
  if (acknowledged || outcome.doubt !== "broken" || outcome.status === "hold") return outcome;
  // Many servers close a connection that does not begin with a TLS handshake without a word.
  const { hint = "write https:// in export.endpoint if this port speaks TLS" } = outcome;
  return { status: "hold", why: outcome.why, remedy: `see whether the collector runs there; ${hint}` };
}

/** So many records refused one after the other, and none accepted between: then the fault is not the records'. */
export const SUSPECTS_THAT_HOLD = 3;
/** A refusal that lasts for so many probes, of a collector that has taken others, is the records' doing. */
const HOLDS_THAT_CLEAR = 10;

/** What is known of a page when there are suspects. */
export interface PageEvidence {
  readonly acknowledged: boolean;
  /** The collector has accepted some of the page. */
  readonly accepted: boolean;
  /** Single records are sent, since the collector may be at fault. */
  readonly alone: boolean;
  readonly holds: number;
  /** Records that it refused in a row, over all pages. */
  readonly refusedInARow: number;
  /** Some suspects were never refused: their requests only failed. */
  readonly unsure: boolean;
}

/** Whether the collector is not at fault, because it took others and goes on to refuse these: waiting would block what is behind. */
export function isCleared({ acknowledged, accepted, holds }: PageEvidence): boolean {
  return acknowledged && accepted && holds >= HOLDS_THAT_CLEAR;
}

/** Whether the suspects of a page may be set aside when nothing else is left of it. */
export function maySetAside(page: PageEvidence): boolean {
  if (!page.acknowledged) return false;
  if (page.refusedInARow >= SUSPECTS_THAT_HOLD) return page.accepted && (!page.alone || isCleared(page));
  return !page.unsure || page.holds >= HOLDS_THAT_CLEAR;
}

/** The hold while single records are sent, in the collector's own words. */
export function holdOfAll(
  why: string,
  { acknowledged, refusedInARow }: Pick<PageEvidence, "acknowledged" | "refusedInARow">,
): Extract<Trouble, { status: "hold" }> {
  if (!acknowledged) {
    const remedy = remedyOfFirstContact(why);
    return { status: "hold", why: `The collector has not acknowledged a record yet: ${why}`, remedy };
  }
  if (refusedInARow < SUSPECTS_THAT_HOLD) {
    const remedy = "look into the collector's log: it acknowledges empty requests and not the records";
    return { status: "hold", why, remedy };
  }
  return {
    status: "hold",
    why: `The collector refused ${SUSPECTS_THAT_HOLD} records in a row, each on its own: ${why}`,
    remedy: "look into the collector's log: it is not the records that are at fault",
  };
}
