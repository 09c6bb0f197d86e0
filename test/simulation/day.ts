import type { RandomValues } from "../../src/demo/random-values.ts";
import { calmSchedule, calmSource } from "./calm.ts";
import { drawEntries } from "./entries.ts";
import type { Schedule } from "./schedule.ts";

const DAY_SECONDS = 86_400;

/** A day of a small organisation, in which Slack fails three times of ten and nothing else does. */
export function drawDay(dice: RandomValues): Schedule {
  const calm = calmSchedule();
  const { name: source, settings, slack } = calmSource();
  const from = calm.timeline.startMs / 1_000;
  const lookback = 900;
  const to = from + DAY_SECONDS;
  return {
    ...calm,
    sources: [
      calmSource({
        settings: { ...settings, lookback, maxWindow: 3_600, pageSize: 20, pollIntervalMs: 60_000 },
        entries: drawEntries(
          { source, from, to, lookback, burst: 100, count: 3_000, poisoned: 0, sentinelAt: undefined },
          dice,
        ),
        slack: { ...slack, faultShare: 0.3, oddShare: 0.1 },
      }),
    ],
    exporter: { ...calm.exporter, maxBatchRecords: 500 },
    faultsEndMs: to * 1_000,
  };
}
