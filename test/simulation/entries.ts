import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Seconds } from "../../src/model.ts";
import { UNWANTED_ACTION } from "./config.ts";

/** An audit entry, and what the receiver cannot know of it. */
export interface SimulatedEntry {
  readonly id: string;
  /** Slack's text. */
  readonly text: string;
  /** The date that Slack orders and filters by; the text may have another. */
  readonly date: Seconds;
  /** True time from which a page can hold it: at most `lookback` after its second is over. */
  readonly visibleAtMs: number;
  /** Its action is excluded by the configuration. */
  readonly unwanted: boolean;
  /** The status that the collector answers each request with this entry with. */
  readonly poison: 400 | 500 | undefined;
}

export interface EntriesOptions {
  /** The ids begin with it: an entry of one organisation is told from one of another. */
  readonly source: string;
  readonly from: Seconds;
  readonly to: Seconds;
  readonly lookback: Seconds;
  /** How many entries share a second when many do. */
  readonly burst: number;
  readonly count: number;
  readonly poisoned: number;
  readonly sentinelAt: Seconds | undefined;
}

export function drawEntries(options: EntriesOptions, dice: RandomValues): SimulatedEntry[] {
  const { source, from, to, lookback, sentinelAt } = options;
  const lateShare = dice.pick([0, 0.2, 0.8]);
  const dates = Array.from({ length: options.count }, () => dice.integer(from, to));
  for (let bursts = dice.integer(0, 2); bursts > 0; bursts--) {
    const second = dice.integer(from, to);
    dates.push(...Array.from({ length: dice.integer(2, options.burst) }, () => second));
  }
  const poisoned = new Set(Array.from({ length: options.poisoned }, () => dice.integer(0, dates.length - 1)));
  const entries = dates.map((date, index) => {
    const delay = dice.chance(lateShare) ? drawLateness(lookback, dice) : dice.integer(0, 999);
    return makeEntry({
      source,
      index,
      date,
      visibleAtMs: date * 1_000 + delay,
      unwanted: dice.chance(0.1),
      poison: poisoned.has(index) ? dice.pick([400, 400, 500] as const) : undefined,
      // Some have a date that cannot be parsed.
      undated: dice.chance(0.03),
    });
  });
  if (sentinelAt === undefined) return entries;
  const sentinel = { date: sentinelAt, visibleAtMs: sentinelAt * 1_000, unwanted: false, poison: undefined };
  return [...entries, makeEntry({ source, index: entries.length, undated: false, ...sentinel })];
}

/** A delay up to the last instant that the promise covers; the edges are more likely. */
function drawLateness(lookback: Seconds, dice: RandomValues): number {
  return dice.pick([lookback * 1_000, lookback * 1_000 + 999, dice.integer(0, lookback * 1_000)]);
}

interface Traits extends Omit<SimulatedEntry, "id" | "text"> {
  readonly source: string;
  readonly index: number;
  readonly undated: boolean;
}

function makeEntry({ source, index, undated, ...entry }: Traits): SimulatedEntry {
  const id = `${source}-${index}`;
  const action = entry.unwanted ? UNWANTED_ACTION : "user_login";
  const text = JSON.stringify({ id, date_create: undated ? "soon" : entry.date, action });
  return { ...entry, id, text };
}
