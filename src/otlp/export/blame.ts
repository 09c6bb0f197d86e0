/**
 * Decides whether the records or the collector are at fault.
 *
 * - A refused batch is split until one record is left. That record is a suspect.
 * - A batch in doubt is sent again. The second doubt splits it if the collector accepts other records. If not, the page is
 *   isolated: one record at a time, at growing intervals.
 * - A suspect is set aside once the collector accepts another record. A suspect that was never refused, or that was found in
 *   isolation, is sent once more before that.
 * - Three suspects in a row without an accepted record between them are the collector's fault: the page is isolated. If the
 *   collector has accepted other records of the page and the suspects fail for ten probes, they are set aside.
 * - A partial success does not say which records were rejected: the whole batch is set aside.
 * - A batch with three unreadable responses in a row is set aside: each of its copies may be stored.
 * - A destination that has never acknowledged a record is misconfigured: none of its refusals sets records aside. Only a
 *   partial success that accepts some records does.
 */
import { DOUBTS_THAT_SPLIT } from "./batch.ts";
import { firstContactRemedy } from "./first-contact-remedy.ts";
import type { Doubt, ExportOutcome, ExportRefusal, Pause } from "./outcome.ts";

/** What is known of a batch and its destination when an outcome arrives. */
export interface BatchEvidence {
  readonly recordCount: number;
  /** Earlier attempts of this batch that ended in doubt. */
  readonly doubts: number;
  /** Earlier unreadable responses to this batch, in a row. */
  readonly unreadableInARow: number;
  /** The destination has acknowledged a record with this configuration, now or in an earlier run. */
  readonly acknowledged: boolean;
  /** The collector accepts other records now: this batch is at fault, not the collector. */
  readonly acceptsOthers: boolean;
}

/** What happens to a batch next. */
export type Decision =
  | { readonly next: "done" }
  /** Put it back and end the round. */
  | { readonly next: "retry"; readonly pause: Pause }
  /** Put it back, end the round, and send one record at a time until one is accepted. */
  | { readonly next: "isolate"; readonly why: string }
  /** Send its halves. */
  | { readonly next: "split" }
  /** Keep this single record until it is known whether the record or the collector is at fault. */
  | { readonly next: "suspect"; readonly why: string }
  | { readonly next: "set aside"; readonly why: string; readonly acceptedSome: boolean };

/** The most often that a record goes out before other evidence decides. */
export const MAX_COPIES = 3;

/** Decides by the outcome and the evidence. After each doubt the caller first has an empty request acknowledged. */
export function decide(outcome: ExportOutcome, evidence: BatchEvidence): Decision {
  switch (outcome.status) {
    case "ok":
      return { next: "done" };
    case "refused":
      return decideRefusal(outcome.refusal, evidence);
    case "retry":
    case "hold":
      return outcome.doubt ? decideDoubt(outcome, outcome.doubt, evidence) : { next: "retry", pause: outcome };
  }
}

function decideRefusal(refusal: ExportRefusal, { recordCount, acknowledged }: BatchEvidence): Decision {
  const why = refusal.kind === "records" ? refusal.why : partialReason(refusal, recordCount);
  const acceptedSome = refusal.kind === "partial" && refusal.rejected < recordCount;
  if (refusal.kind === "partial" && (acknowledged || acceptedSome)) return { next: "set aside", why, acceptedSome };
  if (recordCount === 1) return { next: "suspect", why };
  return refusal.kind === "records" ? { next: "split" } : { next: "isolate", why };
}

function decideDoubt(pause: Pause, doubt: Doubt, evidence: BatchEvidence): Decision {
  const { recordCount, acknowledged, acceptsOthers } = evidence;
  const { why } = pause;
  if (doubt === "unreadable" && acknowledged) {
    if (evidence.unreadableInARow + 1 < MAX_COPIES) return { next: "retry", pause };
    return { next: "set aside", why: `${why}, ${MAX_COPIES} times in a row`, acceptedSome: false };
  }
  if (evidence.doubts + 1 < DOUBTS_THAT_SPLIT) return { next: "retry", pause };
  if (doubt === "unreadable") return { next: "isolate", why };
  // The next request has a longer time limit.
  if (recordCount === 1 && doubt === "late") return { next: "retry", pause };
  if (recordCount === 1) return { next: "suspect", why };
  return acceptsOthers ? { next: "split" } : { next: "isolate", why };
}

function partialReason({ rejected, message }: { rejected: number; message: string }, recordCount: number): string {
  const detail = message && `: ${message}`;
  return `The collector rejected ${rejected} of ${recordCount} records without saying which${detail}`;
}

/**
 * Returns the pause after an empty request, if any. A refusal is none: some servers refuse requests without records and
 * accept others.
 */
export function pauseAfterProbe(outcome: ExportOutcome, acknowledged: boolean): Pause | undefined {
  if (outcome.status === "ok" || outcome.status === "refused") return undefined;
  if (acknowledged || outcome.doubt !== "broken" || outcome.status === "hold") return outcome;
  // Many TLS servers close a connection without a word if it does not begin with a handshake.
  const { hint = "write https:// in export.endpoint if this port speaks TLS" } = outcome;
  return { status: "hold", why: outcome.why, remedy: `see whether the collector runs there; ${hint}` };
}

/** So many suspects in a row are the collector's fault. */
export const SUSPECTS_THAT_ISOLATE = 3;
/** A failure that lasts for so many holds is the records' fault if the collector has accepted others. */
const HOLDS_THAT_CLEAR = 10;

/** What is known of a page that has suspects. */
export interface PageEvidence {
  /** The destination has acknowledged a record with this configuration, now or in an earlier run. */
  readonly acknowledged: boolean;
  /** The collector has accepted a record of the page. */
  readonly accepted: boolean;
  /** Records are sent one at a time. */
  readonly isolated: boolean;
  /** How often the page was held. */
  readonly holds: number;
  /** Suspects in a row over all pages, without an accepted record between them. */
  readonly suspectsInARow: number;
  /** A suspect was never refused: its requests only failed. */
  readonly someNeverRefused: boolean;
}

/** Whether the collector is not at fault: it accepted other records and fails these for long. Waiting would block later pages. */
export function isCollectorCleared({ acknowledged, accepted, holds }: PageEvidence): boolean {
  return acknowledged && accepted && holds >= HOLDS_THAT_CLEAR;
}

/** Whether the suspects of a page may be set aside if nothing else is left of it. */
export function maySetAside(page: PageEvidence): boolean {
  if (!page.acknowledged) return false;
  if (page.suspectsInARow >= SUSPECTS_THAT_ISOLATE) {
    return page.accepted && (!page.isolated || isCollectorCleared(page));
  }
  return !page.someNeverRefused || page.holds >= HOLDS_THAT_CLEAR;
}

/** The hold of an isolated page, with the collector's own message. */
export function isolationHold(
  why: string,
  { acknowledged, suspectsInARow }: Pick<PageEvidence, "acknowledged" | "suspectsInARow">,
): Extract<Pause, { status: "hold" }> {
  if (!acknowledged) {
    const remedy = firstContactRemedy(why);
    return { status: "hold", why: `The collector has not acknowledged a record yet: ${why}`, remedy };
  }
  if (suspectsInARow < SUSPECTS_THAT_ISOLATE) {
    const remedy = "look into the collector's log: it acknowledges empty requests and not the records";
    return { status: "hold", why, remedy };
  }
  return {
    status: "hold",
    why: `The collector refused ${SUSPECTS_THAT_ISOLATE} records in a row, each on its own: ${why}`,
    remedy: "look into the collector's log: it is not the records that are at fault",
  };
}
