import type { Report } from "../events.ts";
import type { Clock } from "../runtime/clock.ts";
import {
  type Counts,
  type Drift,
  reduce,
  type SourceStart,
  type SourceState,
  type StateName,
  startOf,
} from "./source-status.ts";

/** One source as `/status.json` shows it; times are RFC 3339, absent knowledge is null. */
export interface SourceStatus {
  readonly state: StateName;
  readonly ready: boolean;
  /** What is wrong, or null. */
  readonly reason: string | null;
  readonly remedy: string | null;
  /** The end of the last delivered window. */
  readonly position: string | null;
  /** How far the position is behind now. */
  readonly lag_seconds: number | null;
  /** When Slack answered last. */
  readonly last_poll: string | null;
  readonly counts: Counts;
  /** What Slack has that the tables of this version do not know, the first 200. */
  readonly drift: readonly Drift[];
  readonly organisation: { readonly id: string; readonly name: string | null; readonly domain: string | null } | null;
  /** When this run saw the authorization; null for one of an earlier run. */
  readonly authorized_at: string | null;
}

/** What `/status.json` says. */
export interface StatusSnapshot {
  readonly version: string;
  readonly started_at: string;
  readonly uptime_seconds: number;
  /** Whether every source is. */
  readonly ready: boolean;
  readonly sources: Readonly<Record<string, SourceStatus>>;
}

/** The status of one process. */
export interface Status {
  readonly report: Report;
  snapshot(): StatusSnapshot;
}

/** The status is a reading of the events: nothing else feeds it. */
export function createStatus(options: { clock: Clock; version: string; sources: readonly SourceStart[] }): Status {
  const { clock, version, sources } = options;
  const folds = new Map(sources.map((source) => [source.name, startOf(source)]));
  const startedMs = clock.now();
  const startedMonotonic = clock.monotonic();
  return {
    report(event) {
      const name = "source" in event ? event.source : undefined;
      const fold = name === undefined ? undefined : folds.get(name);
      if (name !== undefined && fold) folds.set(name, reduce(fold, event, clock.now()));
    },
    snapshot() {
      const shown = [...folds].map(([name, fold]) => [name, statusOf(fold, { name, nowMs: clock.now() })] as const);
      return {
        version,
        started_at: rfc3339(startedMs),
        uptime_seconds: Math.floor((clock.monotonic() - startedMonotonic) / 1_000),
        ready: shown.every(([, status]) => status.ready),
        sources: Object.fromEntries(shown),
      };
    },
  };
}

function statusOf(fold: SourceState, { name, nowMs }: { name: string; nowMs: number }): SourceStatus {
  const { organisation, position } = fold;
  return {
    ...verdict(fold, name),
    position: position === undefined ? null : rfc3339(position * 1_000),
    lag_seconds: position === undefined ? null : Math.max(0, Math.floor(nowMs / 1_000) - position),
    last_poll: fold.lastPollMs === undefined ? null : rfc3339(fold.lastPollMs),
    counts: fold.counts,
    drift: fold.drift,
    organisation: organisation
      ? { id: organisation.id, name: organisation.name ?? null, domain: organisation.domain ?? null }
      : null,
    authorized_at: fold.authorizedAtMs === undefined ? null : rfc3339(fold.authorizedAtMs),
  };
}

function verdict(fold: SourceState, name: string): Pick<SourceStatus, "state" | "ready" | "reason" | "remedy"> {
  if (!fold.authorized) {
    const reason = fold.refused ?? "no owner of the organisation has authorized this source yet";
    return {
      state: "waiting_for_authorization",
      ready: false,
      reason,
      remedy: `run slack-audit-receiver setup-link --source ${name} beside the receiver, and open the link that it prints`,
    };
  }
  const troubles = Object.values(fold.troubles);
  const held = troubles.find(({ kind }) => kind === "held");
  const trouble = held ?? troubles[0];
  const state = held ? "held" : fold.catchingUp ? "catching_up" : "live";
  const ready = fold.delivered && !trouble;
  const reason = trouble?.why ?? (ready ? null : "nothing is delivered yet since the start");
  return { state, ready, reason, remedy: trouble?.remedy ?? null };
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
