import type { Organisation, Seconds } from "./model.ts";

/** The other side of an attempt. */
export type Target = "slack" | "collector" | "state" | "dead_letters";

/** What Slack has that our tables do not know. */
export type UnknownNameKind = "action" | "entity_type" | "member";

/**
 * All that an operator can be told: a closed set, each emitted once per happening and never once per entry. The log, the
 * metrics and the status are three readings of this one stream. Members are in snake_case because they are log fields.
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
  | { event: "slack_unreachable"; source: string; error_type: string; duration_ms: number }
  | { event: "window_restarted"; source: string; why: string }
  | { event: "page_shortened"; source: string; why: string; page_size: number }
  /** An answer's `Date` disagrees with the others: `says` where `expected` was. */
  | { event: "clock_doubted"; source: string; says: Seconds; expected: Seconds }
  /** Several answers agree that Slack's clock is elsewhere. */
  | { event: "clock_corrected"; source: string; by_seconds: Seconds }
  /** The position was ahead of Slack's clock: it is moved back, and what lies between is read again. */
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

/** Entries that are not where they should be; named once for each kind, and counted in `window_delivered`. */
export interface OddEntries {
  readonly event: "odd_entries";
  readonly source: string;
  /** `outside`: dated outside of the window that was asked for. `collided`: several have one id, and are not the same. */
  readonly kind: "outside" | "collided";
  readonly entries: number;
  readonly from: Seconds;
  readonly to: Seconds;
}

/** One stretch of time was read to its end, and all of it is delivered and saved. */
export interface WindowDelivered {
  readonly event: "window_delivered";
  readonly source: string;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly pages: number;
  /** Entries that Slack's pages held; the sum of `delivered`, `seen` and `filtered`. */
  readonly read: number;
  /** Entries acknowledged by the collector or set aside. */
  readonly delivered: number;
  /** Entries delivered before: the overlap of windows. */
  readonly seen: number;
  readonly filtered: number;
  /** Entries among the delivered that could not be mapped beyond their text. */
  readonly mapping_errors: number;
  /** How long after their `date_create` entries were met that an earlier window had missed. */
  readonly late: number;
  /** Entries in the pages that are dated outside of the window: another window delivers them. Not part of `read`. */
  readonly outside: number;
  /** Different entries with the id of another one of their second: delivered too. */
  readonly collided: number;
  readonly lag_seconds: Seconds;
  readonly catching_up: boolean;
  readonly duration_ms: number;
}

/** Takes an event; must not throw. */
export type Report = (event: Event) => void;

/** How much an event matters. */
export type Level = "debug" | "info" | "warn" | "error";

/** How much an event matters. A window that brought nothing is not worth a line. */
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
