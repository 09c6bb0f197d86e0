import type { World } from "./world.ts";

/** The quiet time at the end of a schedule: all is delivered, nothing new comes, and the daemon only polls. */
export interface Rest {
  /** When on the true clock the last fault is over and the last entry visible. */
  readonly fromMs: number;
  /** Asked while a process runs: whether everything is delivered and has been quiet for long enough. */
  isOver(): boolean;
  /** Whether a process has been told so. */
  readonly ended: boolean;
  /** A daemon with nothing to do asks as often as it polls, and no more. */
  judge(): void;
}

const POLLS = 5;
/** Right after a suspend the present is one that has passed: there is some to catch up with. */
const MOST_LAG_MS = 10_000;
/** Where Slack's time is only known from entries, the last window never reaches the present. */
const POLLS_WITHOUT_NEWS = 20;

export function createRest(world: World): Rest {
  const { schedule, timeline, slack, claims, accounts, tally, verdict } = world;
  const { lookback, maxWindow, pollIntervalMs } = schedule.settings;
  const fromMs = Math.max(schedule.faultsEndMs, ...schedule.entries.map(({ visibleAtMs }) => visibleAtMs));
  const quietMs = fromMs + 2_000 * lookback;
  let idle: { readonly sinceMs: number; readonly firstPages: number } | undefined;
  let over = false;

  return {
    fromMs,
    get ended() {
      return over;
    },
    isOver() {
      if (over || timeline.now() < quietMs || slack.isMidWalk) return over;
      if (!claims.promised().every(({ id }) => claims.isSafe(id))) return false;
      const isUpToDate = accounts.caughtUpTo * 1_000 >= Math.max(quietMs, timeline.now() - MOST_LAG_MS);
      if (isUpToDate) idle ??= { sinceMs: timeline.now(), firstPages: tally.firstPages };
      const endMs = idle ? idle.sinceMs + POLLS * pollIntervalMs : quietMs + POLLS_WITHOUT_NEWS * pollIntervalMs;
      over = timeline.now() >= endMs;
      return over;
    },
    judge() {
      if (!idle) return;
      const polls = (timeline.now() - idle.sinceMs) / pollIntervalMs + 2;
      // Where the clocks disagree, a poll may also ask for the time alone.
      const windowsAPoll = 2 + Math.ceil(pollIntervalMs / 1_000 / (maxWindow - lookback));
      const firstPages = tally.firstPages - idle.firstPages;
      if (firstPages > polls * windowsAPoll) verdict.fail("no busy loop", `${firstPages} windows in ${polls} polls`);
    },
  };
}
