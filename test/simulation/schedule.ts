import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Seconds } from "../../src/model.ts";
import { drawEntries, type SimulatedEntry } from "./entries.ts";
import { drawOutages, type Outage } from "./outages.ts";
import type { TimelineOptions } from "./timeline.ts";
import { drawWrongDates, type WrongDates } from "./wrong-dates.ts";

/** What is decided about a world before it begins. The same random values decide the rest on the way. */
export interface Schedule {
  readonly timeline: TimelineOptions;
  /** One to three organisations, each with its own log. */
  readonly sources: readonly SourceSchedule[];
  /** How the records of each source are sent. */
  readonly exporter: { readonly maxBatchRecords: number; readonly concurrency: number };
  /** From then on every answer is a good one and nothing crashes. */
  readonly faultsEndMs: number;
  readonly collector: CollectorTraits;
  readonly diskOutages: readonly Outage<"ENOSPC" | "EIO">[];
  readonly ends: { readonly crashChance: number; readonly stopChance: number; readonly powerLossShare: number };
}

/** What is decided about one organisation: its log, its faults, and the settings of its source. */
export interface SourceSchedule {
  readonly name: string;
  readonly settings: SourceSettings;
  readonly entries: readonly SimulatedEntry[];
  readonly slack: SlackTraits;
}

/** What an operator configures for one source. */
export interface SourceSettings {
  readonly lookback: Seconds;
  readonly maxWindow: Seconds;
  readonly pageSize: number;
  readonly pollIntervalMs: number;
  readonly requestsPerMinute: number;
  readonly startAt: { readonly at: Seconds } | { readonly secondsBack: Seconds };
  /** The configuration names the organisation, so that the source waits until Slack confirms it. */
  readonly namesOrganisation: boolean;
}

export interface SlackTraits {
  readonly faultShare: number;
  /** Which share of the answers lacks the `Date` header. */
  readonly datelessShare: number;
  /** Which share of the pages is shorter than asked for, empty, or in disorder. */
  readonly oddShare: number;
  readonly outages: readonly Outage<"invalid_auth" | "service_unavailable">[];
  readonly wrongDates: readonly WrongDates[];
  /** Whether a window that reaches into the future is refused; else it brings what there is. */
  readonly isStrict: boolean;
}

export interface CollectorTraits {
  readonly faultShare: number;
  /** A request with more records is answered 413. */
  readonly maxRecords: number;
  /** A request with more records has its connection broken. */
  readonly breaksAbove: number;
  /** How long its answers to records take while there are faults. */
  readonly slowMs: number;
  /** An earlier run has brought it records. */
  readonly known: boolean;
  /** `nonsense` and `foreign` acknowledge an empty request, and say nothing of what became of records: stored or not. */
  readonly outages: readonly Outage<400 | 401 | 404 | 500 | 503 | "html" | "nonsense" | "foreign">[];
}

const YEAR_2025: Seconds = 1_760_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_2038_MS = 2_147_483_647_000;

const NAMES = ["acme", "bolt", "coop"] as const;

/** Draws a small world: minutes of feed, a backlog now and then, and every fault with some likelihood. */
export function drawSchedule(dice: RandomValues): Schedule {
  const startMs = YEAR_2025 * 1_000 + dice.integer(0, 999);
  const names = NAMES.slice(0, dice.pick([1, 1, 1, 2, 3]));
  const pace = drawPace(dice);
  const { lookback, pollIntervalMs } = pace;
  const feedMs = Math.max(dice.integer(3, 12) * pollIntervalMs, 1_500 * lookback);
  const quietFromMs = startMs + feedMs;
  const faultsEndMs = quietFromMs + dice.pick([0, pollIntervalMs, 2_000 * lookback]);
  const within = { fromMs: startMs, toMs: faultsEndMs };
  const instants = (most: number) =>
    Array.from({ length: dice.integer(0, most) }, () => dice.integer(startMs, faultsEndMs));
  const collectorOutages = drawOutages([400, 401, 404, 500, 503, "html", "nonsense", "foreign"] as const, within, dice);
  const wallErrorMs = dice.pick([0, 0, HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS, -startMs, YEAR_2038_MS - startMs]);
  const jumps = instants(2).map((atMs) => ({ atMs, byMs: dice.pick([HOUR_MS, -HOUR_MS, DAY_MS, -DAY_MS]) }));
  const isBehind = [wallErrorMs, ...jumps.map(({ byMs }) => byMs)].some((ms) => ms < 0);
  // The collector is taken to be at fault when it refuses three records in a row: rightly so when it refuses everything.
  const mostPoisoned = collectorOutages.some(({ kind }) => kind === 400) ? 0 : 2;
  const options = { pace, isBehind, mostPoisoned, within, quietFromMs, share: 1 / names.length };
  const sources = names.map((name) => drawSource(name, options, dice));
  const hasPoison = sources.some(({ entries }) => entries.some(({ poison }) => poison !== undefined));

  return {
    sources,
    exporter: { maxBatchRecords: dice.integer(1, 6), concurrency: dice.integer(1, 4) },
    faultsEndMs,
    timeline: { startMs, wallErrorMs, jumps, suspends: dice.chance(0.3) ? instants(2) : [] },
    collector: {
      faultShare: dice.pick([0, 0.1, 0.3]),
      maxRecords: dice.pick([1, 2, 100, 100]),
      breaksAbove: dice.pick([1, 3, 100, 100, 100]),
      slowMs: dice.pick([0, 0, 0, 15_000, 35_000, 150_000]),
      // A bad record that is alone in the first page is held: nothing tells it from a wrong configuration.
      known: hasPoison || dice.chance(0.3),
      outages: collectorOutages,
    },
    diskOutages: drawOutages(["ENOSPC", "EIO"] as const, within, dice),
    ends: {
      crashChance: dice.pick([0, 0.002, 0.005, 0.02]),
      stopChance: dice.pick([0, 0.002, 0.01]),
      powerLossShare: dice.pick([0, 0.5, 1]),
    },
  };
}

/** How far back and how often every source asks: one that asks seldom would make a long schedule for one that asks often. */
type Pace = Pick<SourceSettings, "lookback" | "pollIntervalMs">;

function drawPace(dice: RandomValues): Pace {
  const lookback = dice.pick([5, 20, 60, 300]);
  return { lookback, pollIntervalMs: 1_000 * dice.integer(Math.ceil(lookback / 10), lookback) };
}

interface SourceDrawing {
  readonly pace: Pace;
  /** Whether the wall clock is ever behind. */
  readonly isBehind: boolean;
  readonly mostPoisoned: number;
  /** The time in which faults fall. */
  readonly within: { readonly fromMs: number; readonly toMs: number };
  readonly quietFromMs: number;
  /** This source's share of the entries. */
  readonly share: number;
}

function drawSource(
  name: string,
  { pace, isBehind, mostPoisoned, within, quietFromMs, share }: SourceDrawing,
  dice: RandomValues,
): SourceSchedule {
  const drawn = drawSettings(pace, dice);
  const { lookback } = drawn;
  // A clock that is behind makes the source begin early: a second at a time it would walk for days.
  const settings = isBehind ? { ...drawn, maxWindow: Math.max(drawn.maxWindow, lookback + 600) } : drawn;
  const datelessShare = dice.pick([0, 0, 0, 0.3, 1]);
  const entries = drawEntries(
    {
      source: name,
      from: YEAR_2025 - dice.pick([0, 60, 600, 3_600]),
      to: Math.floor(quietFromMs / 1_000),
      lookback,
      burst: settings.pageSize * 2,
      count: Math.ceil(dice.pick([5, 20, 40, 80]) * share),
      poisoned: Math.min(mostPoisoned, dice.pick([0, 0, 1, 2])),
      // Where no answer tells the time, only a newer entry shows that time has passed.
      sentinelAt: datelessShare === 1 ? Math.floor(within.toMs / 1_000) + lookback + 1 : undefined,
    },
    dice,
  );
  return {
    name,
    settings,
    entries,
    slack: {
      faultShare: dice.pick([0, 0.1, 0.3]),
      datelessShare,
      oddShare: dice.pick([0, 0.2, 0.5]),
      outages: drawOutages(["invalid_auth", "service_unavailable"] as const, within, dice),
      wrongDates: drawWrongDates(within, dice),
      isStrict: dice.chance(0.5),
    },
  };
}

function drawSettings({ lookback, pollIntervalMs }: Pace, dice: RandomValues): SourceSettings {
  return {
    lookback,
    // The shortest allowed moves by a second at a time.
    maxWindow: lookback + dice.pick([1, pollIntervalMs / 1_000 + 30, 600]),
    pageSize: dice.integer(3, 8),
    pollIntervalMs,
    requestsPerMinute: dice.pick([5, 20, 40]),
    startAt: dice.pick([
      { at: YEAR_2025 - 3_600 },
      { at: YEAR_2025 - 60 },
      { at: YEAR_2025 + 10 },
      { secondsBack: 0 },
      { secondsBack: 120 },
    ]),
    namesOrganisation: dice.chance(0.5),
  };
}
