import { calmSchedule, calmSource, entryAt } from "./calm.ts";
import type { Schedule } from "./schedule.ts";

/** More than are parsed and mapped at once. */
export const LARGE_PAGE = 5_000;

/** A second of so many entries that Slack must show as one page, in a world that crashes and loses answers. */
export function drawLargePage(): Schedule {
  const calm = calmSchedule();
  return {
    ...calm,
    sources: [calmSource({ entries: Array.from({ length: LARGE_PAGE }, (_, index) => entryAt(30, index)) })],
    exporter: { ...calm.exporter, maxBatchRecords: 500 },
    collector: { ...calm.collector, faultShare: 0.2, maxRecords: 500 },
    ends: { crashChance: 0.03, stopChance: 0.01, powerLossShare: 0.5 },
  };
}
