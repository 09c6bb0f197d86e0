import type { Seconds } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";

/** Slack's clock, as its last answer showed it and this machine's monotonic clock carried it on. */
export interface SlackTime {
  /** Takes note of the `Date` of an answer that has just arrived. */
  observe(date: Seconds): void;
  /** Never ahead of Slack's own; undefined before the first answer that told. */
  now(): Seconds | undefined;
}

/** This machine's wall clock plays no part: it may be wrong by years and may jump. */
export function createSlackTime(clock: Clock): SlackTime {
  let last: { date: Seconds; at: number } | undefined;
  return {
    observe: (date) => {
      last = { date, at: clock.monotonic() };
    },
    now: () => last && last.date + Math.floor((clock.monotonic() - last.at) / 1_000),
  };
}
