import type { Dice } from "../../src/demo/entries/dice.ts";
import { drawEntries } from "./entries.ts";
import { drawSchedule, type Schedule } from "./schedule.ts";

const DAY_SECONDS = 86_400;

/** A day of a small organisation, in which Slack fails three times of ten and nothing else does. */
export function drawDay(dice: Dice): Schedule {
  const { timeline, ...rest } = drawSchedule(dice);
  const from = Math.ceil(timeline.startMs / 1_000);
  const lookback = 900;
  const options = { from, to: from + DAY_SECONDS, lookback, burst: 100, poisoned: 0 };
  return {
    ...rest,
    timeline: { ...timeline, suspends: [] },
    settings: {
      lookback,
      maxWindow: 3_600,
      pageSize: 20,
      pollIntervalMs: 60_000,
      requestsPerMinute: 40,
      startAt: { at: from },
      maxBatchRecords: 500,
      concurrency: 4,
    },
    entries: drawEntries({ ...options, count: 3_000, sentinelAt: undefined }, dice),
    faultsEndMs: timeline.startMs + DAY_SECONDS * 1_000,
    slack: { faultShare: 0.3, datelessShare: 0, oddShare: 0.1, outages: [] },
    collector: { faultShare: 0, maxRecords: 500, outages: [] },
    diskOutages: [],
    ends: { crashChance: 0, stopChance: 0, powerLossShare: 0 },
  };
}
