import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Seconds } from "../../src/model.ts";
import type { SimulatedEntry } from "./entries.ts";
import type { Verdict } from "./verdict.ts";
import type { WrongDates } from "./wrong-dates.ts";

/** One request for a page, as it arrives at Slack. */
export interface PageQuery {
  readonly oldest: Seconds | undefined;
  readonly latest: Seconds | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** A page, before it is written down. */
export interface SlackPage {
  readonly entries: readonly SimulatedEntry[];
  readonly nextCursor: string;
}

/** A cursor knows the second to go on from and nothing else: above all it forgets `oldest`. */
interface Cursor {
  readonly upTo: Seconds;
  /** What the window's first page was asked for. */
  readonly bounds: string;
}

/** Slack's audit log: newest entry first, bounds inclusive whole seconds, a second never split over pages. */
export interface SlackWorld {
  readonly largestPage: number;
  /** Requests without a cursor: first pages of windows, and questions for the time. */
  readonly firstPages: number;
  /** Whether the last page had a cursor. */
  readonly isMidWalk: boolean;
  /** When on the true clock a window that ends there was last begun: what was visible then, it must bring. */
  beganMs(latest: Seconds): number | undefined;
  /** The page for a query; a string is Slack's code for why there is none. */
  page(query: PageQuery, nowMs: number): SlackPage | "invalid_range" | "invalid_cursor";
}

export interface SlackWorldOptions {
  readonly entries: readonly SimulatedEntry[];
  /** Where the answers tell a wrong time, nobody can help asking for the future. */
  readonly wrongDates: readonly WrongDates[];
  readonly isStrict: boolean;
  /** Which share of the pages is empty, short, in disorder, or repeats a cursor: until `oddUntilMs`. */
  readonly oddShare: number;
  readonly oddUntilMs: number;
  readonly dice: RandomValues;
  readonly verdict: Verdict;
}

export function createSlackWorld(options: SlackWorldOptions): SlackWorld {
  const { wrongDates, isStrict, oddShare, oddUntilMs, dice, verdict } = options;
  const cursors = new Map<string, Cursor>();
  const began = new Map<Seconds, number>();
  let largestPage = 0;
  let firstPages = 0;
  let isMidWalk = false;

  const issue = (upTo: Seconds, bounds: string) => {
    const cursor = Buffer.from(`${upTo}:${cursors.size}`).toString("base64");
    cursors.set(cursor, { upTo, bounds });
    return cursor;
  };

  return {
    get largestPage() {
      return largestPage;
    },
    get firstPages() {
      return firstPages;
    },
    get isMidWalk() {
      return isMidWalk;
    },
    beganMs: (latest) => began.get(latest),
    page({ oldest = 0, latest, limit, cursor }, nowMs) {
      if (cursor === undefined) firstPages++;
      const now = Math.floor(nowMs / 1_000);
      if (oldest > now || (latest ?? 0) > now) {
        if (wrongDates.length === 0)
          verdict.fail("Slack is never asked for the future", `${oldest}..${latest} at ${now}`);
        if (isStrict) return "invalid_range";
      }
      if (oldest < 0 || (latest ?? 0) < 0) return "invalid_range";
      const bounds = `${oldest}..${latest}`;
      const goesOn = cursor === undefined ? undefined : cursors.get(cursor);
      if (cursor !== undefined && !goesOn) return "invalid_cursor";
      if (goesOn && goesOn.bounds !== bounds) {
        verdict.fail("every page repeats its window's bounds", `${bounds} after ${goesOn.bounds}`);
      }
      if (!goesOn && latest !== undefined) began.set(latest, nowMs);
      const upTo = Math.min(latest ?? now, goesOn?.upTo ?? now);
      const odd = nowMs < oddUntilMs && dice.chance(oddShare) ? dice.pick(ODDITIES) : undefined;
      if (odd === "empty") return { entries: [], nextCursor: issue(upTo, bounds) };

      const inside = newestFirst(
        options.entries.filter(({ date, visibleAtMs }) => date <= upTo && date >= oldest && visibleAtMs <= nowMs),
        dice,
      );
      const entries = wholeSeconds(inside, odd === "short" ? dice.integer(1, limit) : limit);
      const next = inside[entries.length];
      largestPage = Math.max(largestPage, entries.length);
      const repeats = odd === "repeated cursor" && cursor !== undefined;
      isMidWalk = latest !== undefined && next !== undefined;
      const nextCursor = next === undefined ? "" : repeats ? cursor : issue(next.date, bounds);
      return { entries: odd === "disorder" ? shuffled(entries, dice) : entries, nextCursor };
    },
  };
}

const ODDITIES = ["empty", "short", "disorder", "repeated cursor"] as const;

/** The first entries up to the limit, and all others of the last one's second. */
function wholeSeconds(entries: readonly SimulatedEntry[], limit: number): readonly SimulatedEntry[] {
  let end = Math.min(limit, entries.length);
  while (end < entries.length && entries[end]?.date === entries[end - 1]?.date) end++;
  return entries.slice(0, end);
}

/** The newest second first; inside of a second in another order each time, as a real organisation was seen to. */
function newestFirst(entries: readonly SimulatedEntry[], dice: RandomValues): readonly SimulatedEntry[] {
  const order = dice.chance(0.5) ? 1 : -1;
  return entries.toSorted((a, b) => b.date - a.date || (a.id < b.id ? order : -order));
}

function shuffled<Value>(values: readonly Value[], dice: RandomValues): Value[] {
  const result = [...values];
  for (let left = result.length; left > 1; left--) {
    const [taken] = result.splice(dice.integer(0, left - 1), 1);
    if (taken !== undefined) result.push(taken);
  }
  return result;
}
