import type { Event, Target, UnknownNameKind } from "../events.ts";
import type { Organisation, Seconds } from "../model.ts";

/** What a source is doing. */
export type StateName = "waiting_for_authorization" | "catching_up" | "live" | "held";

/** An attempt that has not succeeded yet. */
export interface Trouble {
  readonly kind: "held" | "retrying";
  readonly why: string;
  readonly remedy: string | undefined;
}

/** Entries since the start. */
export interface Counts {
  readonly read: number;
  readonly delivered: number;
  readonly seen: number;
  readonly filtered: number;
  readonly set_aside: number;
  readonly mapping_errors: number;
  readonly retries: number;
}

/** Something of Slack's that the tables do not know. */
export interface Drift {
  readonly kind: UnknownNameKind;
  readonly name: string;
}

/** More than a status can usefully list; the log and the metrics have the rest. */
const MOST_DRIFT = 200;

/** All that the events so far say about one source. */
export interface SourceState {
  readonly authorized: boolean;
  readonly authorizedAtMs?: number;
  readonly organisation?: Organisation;
  /** Why the last authorization was refused, while there is none. */
  readonly refused?: string;
  readonly catchingUp: boolean;
  /** Whether a window was delivered since the start. */
  readonly delivered: boolean;
  readonly position?: Seconds;
  readonly lastPollMs?: number;
  readonly troubles: Readonly<Partial<Record<Target | "program", Trouble>>>;
  readonly counts: Counts;
  readonly drift: readonly Drift[];
}

/** What is known of a source before its first event. */
export interface SourceStart {
  readonly name: string;
  readonly authorized: boolean;
  readonly organisation?: Organisation;
  /** The end of what an earlier run delivered. */
  readonly position?: Seconds;
}

/** The beginning of the fold. */
export function startOf({ name: _name, ...known }: SourceStart): SourceState {
  const counts = { read: 0, delivered: 0, seen: 0, filtered: 0, set_aside: 0, mapping_errors: 0, retries: 0 };
  return { ...known, catchingUp: true, delivered: false, troubles: {}, counts, drift: [] };
}

/** One step of the fold: what is known after an event of this source, which came at `nowMs`. */
export function reduce(fold: SourceState, event: Event, nowMs: number): SourceState {
  switch (event.event) {
    case "authorization_needed":
      return { ...fold, authorized: false };
    case "authorization_refused":
      // A flow is only ever refused while there is no grant that works.
      return { ...fold, authorized: false, refused: event.why };
    case "authorized": {
      const { refused: _refused, ...rest } = fold;
      const { organisation = fold.organisation } = event;
      const troubles = without(fold.troubles, "slack");
      return { ...rest, authorized: true, authorizedAtMs: nowMs, troubles, ...(organisation && { organisation }) };
    }
    case "collection_starts":
      return { ...fold, position: event.at };
    case "position_corrected":
      return { ...fold, position: event.to, catchingUp: true };
    case "clock_doubted":
      return { ...fold, catchingUp: true };
    case "slack_answered":
      return { ...fold, lastPollMs: nowMs };
    case "window_delivered":
      // It is reported once all of it is read, delivered and saved: nothing is left of any trouble.
      return {
        ...fold,
        catchingUp: event.catching_up,
        delivered: true,
        position: event.to,
        troubles: {},
        counts: plus(fold.counts, event),
      };
    case "retrying": {
      const counts = plus(fold.counts, { retries: 1 });
      // A probe that fails in passing does not undo a hold.
      if (fold.troubles[event.target]?.kind === "held") return { ...fold, counts };
      const trouble: Trouble = { kind: "retrying", why: event.why, remedy: undefined };
      return { ...fold, counts, troubles: { ...fold.troubles, [event.target]: trouble } };
    }
    case "held": {
      const trouble: Trouble = { kind: "held", why: event.why, remedy: event.remedy };
      return { ...fold, troubles: { ...fold.troubles, [event.target]: trouble } };
    }
    case "failed": {
      // The log has the rest of it.
      const [why = ""] = event.why.split("\n");
      const trouble: Trouble = { kind: "held", why, remedy: "look at the log and start the daemon again" };
      return { ...fold, troubles: { ...fold.troubles, program: trouble } };
    }
    case "resumed":
      return { ...fold, troubles: without(fold.troubles, event.target) };
    case "drift_noticed": {
      if (fold.drift.length >= MOST_DRIFT) return fold;
      return { ...fold, drift: [...fold.drift, { kind: event.kind, name: event.name }] };
    }
    case "records_set_aside":
      return { ...fold, counts: plus(fold.counts, { set_aside: event.records }) };
    default:
      return fold;
  }
}

function plus(counts: Counts, more: Partial<Counts>): Counts {
  const sums = Object.entries(counts).map(([name, count]) => [name, count + (more[name as keyof Counts] ?? 0)]);
  return Object.fromEntries(sums) as Counts;
}

function without(troubles: SourceState["troubles"], target: Target): SourceState["troubles"] {
  const { [target]: _gone, ...rest } = troubles;
  return rest;
}
