import type { RandomValues } from "../../src/demo/random-values.ts";
import { calmSchedule } from "./calm.ts";
import { drawEntries } from "./entries.ts";
import type { Schedule } from "./schedule.ts";

const DAY_SECONDS = 86_400;

/** A day of a small organisation, in which Slack fails three times of ten and nothing else does. */
export function drawDay(dice: RandomValues): Schedule {
  const { timeline, slack, settings, ...calm } = calmSchedule();
  const from = timeline.startMs / 1_000;
  const lookback = 900;
  const to = from + DAY_SECONDS;
  return {
    ...calm,
    timeline,
    settings: { ...settings, lookback, maxWindow: 3_600, pageSize: 20, pollIntervalMs: 60_000, maxBatchRecords: 500 },
    entries: drawEntries({ from, to, lookback, burst: 100, count: 3_000, poisoned: 0, sentinelAt: undefined }, dice),
    faultsEndMs: to * 1_000,
    slack: { ...slack, faultShare: 0.3, oddShare: 0.1 },
  };
}
