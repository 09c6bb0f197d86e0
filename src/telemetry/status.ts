import type { Report } from "../events.ts";
import type { SourceStatus, StatusSnapshot } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { initialState, reduce, type SourceStart, type SourceState } from "./source-state.ts";

/** The status of one process. */
export interface Status {
  readonly report: Report;
  snapshot(): StatusSnapshot;
}

/** Creates the status. It is made from the events alone. */
export function createStatus(options: { clock: Clock; version: string; sources: readonly SourceStart[] }): Status {
  const { clock, version, sources } = options;
  const states = new Map(sources.map((source) => [source.name, initialState(source)]));
  const startedMs = clock.now();
  const startedMonotonic = clock.monotonic();
  return {
    report(event) {
      const name = "source" in event ? event.source : undefined;
      const state = name === undefined ? undefined : states.get(name);
      if (name !== undefined && state) states.set(name, reduce(state, event, clock.now()));
    },
    snapshot() {
      const nowMs = clock.now();
      const shown = [...states].map(([name, state]) => [name, statusOf(state, { name, nowMs })] as const);
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

function statusOf(state: SourceState, { name, nowMs }: { name: string; nowMs: number }): SourceStatus {
  const { organisation, position } = state;
  return {
    ...readinessOf(state, name),
    position: position === undefined ? null : rfc3339(position * 1_000),
    lag_seconds: position === undefined ? null : Math.max(0, Math.floor(nowMs / 1_000) - position),
    last_poll: state.lastPollMs === undefined ? null : rfc3339(state.lastPollMs),
    counts: state.counts,
    drift: state.drift,
    organisation: organisation
      ? { id: organisation.id, name: organisation.name ?? null, domain: organisation.domain ?? null }
      : null,
    authorized_at: state.authorizedAtMs === undefined ? null : rfc3339(state.authorizedAtMs),
  };
}

function readinessOf(source: SourceState, name: string): Pick<SourceStatus, "state" | "ready" | "reason" | "remedy"> {
  if (!source.authorized) {
    const reason = source.refused ?? "no owner of the organisation has authorized this source yet";
    return {
      state: "waiting_for_authorization",
      ready: false,
      reason,
      remedy: `run slack-audit-receiver setup-link --source ${name} beside the receiver, and open the link that it prints`,
    };
  }
  const failures = Object.values(source.failures);
  const held = failures.find(({ kind }) => kind === "held");
  const failure = held ?? failures[0];
  const state = held ? "held" : source.catchingUp ? "catching_up" : "live";
  const ready = source.delivered && !failure;
  const reason = failure?.why ?? (ready ? null : "nothing is delivered yet since the start");
  return { state, ready, reason, remedy: failure?.remedy ?? null };
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
