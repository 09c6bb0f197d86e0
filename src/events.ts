import type { Organisation, Seconds, UnknownNameKind } from "./model.ts";

/** The other side of an attempt that is retried or held. */
export type Target = "slack" | "collector" | "state" | "dead_letters";

/**
 * An operational event. It is emitted once per occurrence, never once per entry. The log, the metrics and the status are made
 * from this one stream. Members are in snake_case because they are log fields.
 */
export type Event =
  | { event: "started"; version: string; address: string; sources: readonly string[] }
  | { event: "stopping"; why: string; grace_ms: number }
  | { event: "stopped"; left: readonly string[] }
  | { event: "failed"; why: string; source?: string }
  | { event: "authorization_needed"; source: string; command: string }
  | { event: "authorization_refused"; source: string; why: string }
  | { event: "authorized"; source: string; organisation?: Organisation }
  | { event: "collection_starts"; source: string; at: Seconds }
  | WindowDelivered
  | { event: "slack_answered"; source: string; http_status: number; duration_ms: number }
  /** `error_type` is the code of the error, `timeout` or `_OTHER`: the metrics have no host names. */
  | { event: "slack_unreachable"; source: string; why: string; error_type: string; duration_ms: number }
  | { event: "window_restarted"; source: string; why: string }
  | { event: "page_shortened"; source: string; why: string; page_size: number }
  /** The `Date` of an answer disagrees with the others: it `says` one time, and another was `expected`. */
  | { event: "clock_doubted"; source: string; says: Seconds; expected: Seconds }
  /** Several answers agree that Slack's clock differs from the expected time. */
  | { event: "clock_corrected"; source: string; by_seconds: Seconds }
  /** The position was ahead of Slack's clock and is moved back. The time between is read again. */
  | { event: "position_corrected"; source: string; from: Seconds; to: Seconds }
  | OddEntries
  | { event: "lookback_shortened"; source: string; ids: number; lookback_seconds: number }
  | { event: "retrying"; source: string; target: Target; why: string; attempt: number; after_ms: number }
  | { event: "held"; source: string; target: Target; why: string; remedy: string; probe_ms: number }
  | { event: "resumed"; source: string; target: Target; after_ms: number }
  | { event: "records_set_aside"; source: string; records: number; why: string; file: string }
  | { event: "collector_warned"; source: string; message: string }
  | { event: "drift_noticed"; source: string; kind: UnknownNameKind; name: string }
  | { event: "catalogue_unavailable"; source: string; why: string }
  | { event: "checkpoint_recovered"; file: string; why: string }
  | { event: "lock_unavailable"; why: string }
  | { event: "log_lines_dropped"; lines: number }
  | { event: "permissions_loose"; files: readonly string[]; remedy: string }
  | { event: "configuration_reloaded"; changed: readonly string[] }
  | { event: "configuration_not_reloaded"; why: string }
  | { event: "restart_needed"; changed: readonly string[] };

/** Entries in an unexpected place. Reported once per kind and counted in `window_delivered`. */
export interface OddEntries {
  readonly event: "odd_entries";
  readonly source: string;
  /** `outside`: dated outside of the requested window. `collided`: different entries with one id. */
  readonly kind: "outside" | "collided";
  readonly entries: number;
  readonly from: Seconds;
  readonly to: Seconds;
}

/** One window was read to its end. All of its entries are delivered and the position is saved. */
export interface WindowDelivered {
  readonly event: "window_delivered";
  readonly source: string;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly pages: number;
  /** Entries in Slack's pages: the sum of `delivered`, `seen` and `filtered`. */
  readonly read: number;
  /** Entries that the collector acknowledged or that were set aside. */
  readonly delivered: number;
  /** Entries that were delivered before: windows overlap. */
  readonly seen: number;
  readonly filtered: number;
  /** Delivered entries that could be mapped to their text only. */
  readonly mapping_errors: number;
  /** Entries that an earlier reading of their time had missed. */
  readonly late: number;
  /** Entries dated outside of the window. Another window delivers them. Not part of `read`. */
  readonly outside: number;
  /** Entries that share second and id with a different entry. Both are delivered. */
  readonly collided: number;
  readonly lag_seconds: Seconds;
  readonly catching_up: boolean;
  readonly duration_ms: number;
}

/** Receives an event. Must not throw. */
export type Report = (event: Event) => void;

/** The level of an event in the log. */
export type Level = "debug" | "info" | "warn" | "error";

/** Returns the level of an event. A window without new entries is `debug`. */
export function levelOf(event: Event): Level {
  switch (event.event) {
    case "slack_answered":
    case "slack_unreachable":
    case "catalogue_unavailable":
      return "debug";
    case "window_delivered":
      return event.delivered > 0 || event.filtered > 0 ? "info" : "debug";
    case "started":
    case "stopping":
    case "stopped":
    case "collection_starts":
    case "resumed":
    case "configuration_reloaded":
    case "drift_noticed":
    case "clock_corrected":
      return "info";
    case "authorization_needed":
    case "authorization_refused":
    case "authorized":
    case "window_restarted":
    case "lookback_shortened":
    case "page_shortened":
    case "clock_doubted":
    case "position_corrected":
    case "odd_entries":
    case "retrying":
    case "records_set_aside":
    case "collector_warned":
    case "checkpoint_recovered":
    case "lock_unavailable":
    case "log_lines_dropped":
    case "permissions_loose":
    case "configuration_not_reloaded":
    case "restart_needed":
      return "warn";
    case "held":
    case "failed":
      return "error";
  }
}
