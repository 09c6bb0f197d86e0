import type { SimulatedEntry } from "./entries.ts";
import type { Schedule, SourceSchedule, SourceSettings } from "./schedule.ts";

const START_S = 1_760_000_000;
const START_MS = START_S * 1_000;

const SETTINGS: SourceSettings = {
  lookback: 60,
  maxWindow: 660,
  pageSize: 3,
  pollIntervalMs: 30_000,
  requestsPerMinute: 40,
  startAt: { at: START_S },
  namesOrganisation: false,
};

/** A source whose organisation answers as it should. */
export function calmSource(change: Partial<SourceSchedule> = {}): SourceSchedule {
  return {
    name: "acme",
    settings: SETTINGS,
    entries: [],
    slack: { faultShare: 0, datelessShare: 0, oddShare: 0, outages: [], wrongDates: [], isStrict: true },
    ...change,
  };
}

/** Ten minutes in which nothing fails: the base of schedules with one fault. */
export function calmSchedule(change: Partial<Schedule> = {}): Schedule {
  return {
    sources: [calmSource()],
    exporter: { maxBatchRecords: 2, concurrency: 2 },
    faultsEndMs: START_MS + 600_000,
    timeline: { startMs: START_MS, wallErrorMs: 0, jumps: [], suspends: [] },
    collector: { faultShare: 0, maxRecords: 100, breaksAbove: 100, slowMs: 0, known: true, outages: [] },
    diskOutages: [],
    ends: { crashChance: 0, stopChance: 0, powerLossShare: 0 },
    ...change,
  };
}

/** An entry `second` seconds after the start, visible at once. The number distinguishes entries of the same second. */
export function entryAt(second: number, number = 0): SimulatedEntry {
  const date = START_S + second;
  const id = `acme-${second}-${number}`;
  const text = JSON.stringify({ id, date_create: date, action: "user_login" });
  return { id, text, date, visibleAtMs: date * 1_000, unwanted: false, poison: undefined };
}
