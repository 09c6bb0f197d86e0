import type { SourceWorld, World } from "./world.ts";

/** The quiet time at the end of a schedule: all is delivered, and the daemon only polls. */
export interface Rest {
  /** The true time at which the last fault is over and the last entry visible. */
  readonly fromMs: number;
  /** Whether everything is delivered and the quiet time is over. */
  isOver(): boolean;
  /** Whether `isOver` was ever true. */
  readonly ended: boolean;
  /** Checks that an idle daemon sends no more requests than its polls need. */
  judge(): void;
}

/** A clock that shows an earlier time than 2024 was never set. */
const POLLS = 5;
/** After a suspend there is some time to catch up with. */
const MOST_LAG_MS = 10_000;
/** The end of the quiet time if no window reaches the present: without `Date`, only entries tell Slack's time. */
const POLLS_WITHOUT_NEWS = 20;

export function createRest({ schedule, timeline, sources, verdict }: World): Rest {
  const settings = sources.map((source) => source.schedule.settings);
  const visible = sources.flatMap(({ schedule: { entries } }) => entries.map(({ visibleAtMs }) => visibleAtMs));
  const fromMs = Math.max(schedule.faultsEndMs, ...visible);
  const quietMs = fromMs + 2_000 * Math.max(...settings.map(({ lookback }) => lookback));
  const pollIntervalMs = Math.max(...settings.map((source) => source.pollIntervalMs));
  /** This is asked when any source sleeps: another one may then be about to poll. */
  const lagMs = MOST_LAG_MS + (sources.length > 1 ? pollIntervalMs : 0);
  let idle: { readonly sinceMs: number; readonly firstPages: readonly number[] } | undefined;
  let over = false;

  const isUpToDate = ({ accounts }: SourceWorld) =>
    accounts.caughtUpTo * 1_000 >= Math.max(quietMs, timeline.now() - lagMs);

  const isDelivered = (source: SourceWorld) => {
    const { claims } = source;
    if (!claims.hasBegun) return false;
    return claims.promised().every(({ id }) => claims.isSafe(id));
  };
  return {
    fromMs,
    get ended() {
      return over;
    },
    isOver() {
      if (over || timeline.now() < quietMs || sources.some(({ slack }) => slack.isMidWalk)) return over;
      if (!sources.every(isDelivered)) return false;
      if (sources.every(isUpToDate)) {
        idle ??= { sinceMs: timeline.now(), firstPages: sources.map(({ slack }) => slack.firstPages) };
      }
      const endMs = idle ? idle.sinceMs + POLLS * pollIntervalMs : quietMs + POLLS_WITHOUT_NEWS * pollIntervalMs;
      over = timeline.now() >= endMs;
      return over;
    },
    judge() {
      if (!idle) return;
      for (const [index, { schedule, slack }] of sources.entries()) {
        const { lookback, maxWindow, pollIntervalMs } = schedule.settings;
        const polls = (timeline.now() - idle.sinceMs) / pollIntervalMs + 2;
        // Where the clocks disagree, a poll may also ask for the time alone.
        const windowsAPoll = 2 + Math.ceil(pollIntervalMs / 1_000 / (maxWindow - lookback));
        const firstPages = slack.firstPages - (idle.firstPages[index] ?? 0);
        if (firstPages > polls * windowsAPoll) verdict.fail("no busy loop", `${firstPages} windows in ${polls} polls`);
      }
    },
  };
}
