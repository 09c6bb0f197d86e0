import type { Event, Target } from "../events.ts";
import type { EntryCounts, Organisation, Seconds, SourceStatus } from "../model.ts";

/** The last failure of an attempt that has not succeeded since. */
export interface OpenFailure {
  readonly kind: "held" | "retrying";
  readonly why: string;
  readonly remedy: string | undefined;
}

/** The log and the metrics have the names beyond this limit. */
const MAX_UNKNOWN_NAMES = 200;

/** The state of one source after all events so far. */
export interface SourceState {
  readonly authorized: boolean;
  readonly authorizedAtMs?: number;
  readonly organisation?: Organisation;
  /** Why the last authorization was refused. Absent while there is a grant. */
  readonly refused?: string;
  readonly catchingUp: boolean;
  /** A window was delivered since the start. */
  readonly delivered: boolean;
  readonly position?: Seconds;
  readonly lastPollMs?: number;
  readonly failures: Readonly<Partial<Record<Target | "program", OpenFailure>>>;
  readonly counts: EntryCounts;
  readonly drift: SourceStatus["drift"];
}

/** What is known of a source before its first event. */
export interface SourceStart {
  readonly name: string;
  readonly authorized: boolean;
  readonly organisation?: Organisation;
  /** The end of the last window that an earlier run delivered. */
  readonly position?: Seconds;
}

/** Returns the state before the first event. */
export function initialState({ name: _name, ...known }: SourceStart): SourceState {
  const counts = { read: 0, delivered: 0, seen: 0, filtered: 0, set_aside: 0, mapping_errors: 0, retries: 0 };
  return { ...known, catchingUp: true, delivered: false, failures: {}, counts, drift: [] };
}

/** Returns the state after an event of this source at `nowMs`, in milliseconds since 1970. */
export function reduce(state: SourceState, event: Event, nowMs: number): SourceState {
  switch (event.event) {
    case "authorization_needed":
      return { ...state, authorized: false };
    case "authorization_refused":
      // A flow is only refused while there is no valid grant.
      return { ...state, authorized: false, refused: event.why };
    case "authorized": {
      const { refused: _refused, ...rest } = state;
      const { organisation = state.organisation } = event;
      const failures = without(state.failures, "slack");
      return { ...rest, authorized: true, authorizedAtMs: nowMs, failures, ...(organisation && { organisation }) };
    }
    case "collection_starts":
      return { ...state, position: event.at };
    case "position_corrected":
      return { ...state, position: event.to, catchingUp: true };
    case "clock_doubted":
      return { ...state, catchingUp: true };
    case "slack_answered":
      return { ...state, lastPollMs: nowMs };
    case "window_delivered":
      // All of the window is read, delivered and saved: no failure is open.
      return {
        ...state,
        catchingUp: event.catching_up,
        delivered: true,
        position: event.to,
        failures: {},
        counts: plus(state.counts, event),
      };
    case "retrying": {
      const counts = plus(state.counts, { retries: 1 });
      // A failed probe does not end a hold.
      if (state.failures[event.target]?.kind === "held") return { ...state, counts };
      const failure: OpenFailure = { kind: "retrying", why: event.why, remedy: undefined };
      return { ...state, counts, failures: { ...state.failures, [event.target]: failure } };
    }
    case "held": {
      const failure: OpenFailure = { kind: "held", why: event.why, remedy: event.remedy };
      return { ...state, failures: { ...state.failures, [event.target]: failure } };
    }
    case "failed": {
      // The log has the other lines.
      const [why = ""] = event.why.split("\n");
      const failure: OpenFailure = { kind: "held", why, remedy: "look at the log and start the daemon again" };
      return { ...state, failures: { ...state.failures, program: failure } };
    }
    case "resumed":
      return { ...state, failures: without(state.failures, event.target) };
    case "drift_noticed": {
      if (state.drift.length >= MAX_UNKNOWN_NAMES) return state;
      return { ...state, drift: [...state.drift, { kind: event.kind, name: event.name }] };
    }
    case "records_set_aside":
      return { ...state, counts: plus(state.counts, { set_aside: event.records }) };
    default:
      return state;
  }
}

function plus(counts: EntryCounts, more: Partial<EntryCounts>): EntryCounts {
  const sums = Object.entries(counts).map(([name, count]) => [name, count + (more[name as keyof EntryCounts] ?? 0)]);
  return Object.fromEntries(sums) as EntryCounts;
}

function without(failures: SourceState["failures"], target: Target): SourceState["failures"] {
  const { [target]: _removed, ...rest } = failures;
  return rest;
}
