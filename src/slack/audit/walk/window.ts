import type { Seconds } from "../../../model.ts";
import { LONGEST_STRETCH, type Position } from "./position.ts";
import { countSeen, forget, secondToForget } from "./seen.ts";

/** The stretch of time that one walk over Slack's pages asks for; both ends are inclusive and go with every request. */
export interface Window {
  readonly from: Seconds;
  readonly to: Seconds;
  /** Slack's present when the window was chosen, as it was estimated. */
  readonly chosenAt: Seconds;
  /** A second that had passed at Slack for certain by then; undefined where nothing vouches for one. */
  readonly certain?: Seconds | undefined;
}

/** How far back and how much at once; `maxWindow` must be the longer. */
export interface WindowLimits {
  /** How late an entry may become visible and is still delivered. */
  readonly lookback: Seconds;
  /** The longest stretch asked for at once, the part that is read again included. */
  readonly maxWindow: Seconds;
}

const PAGES_WANTED = 10;
/** About 30 MB of memory and 12 MB of file. */
const MOST_SEEN_IDS = 500_000;
const MOST_IDS_IN_A_WINDOW = 200_000;

/** What a window is chosen by. */
export interface Reach {
  /** As far as a window may reach. */
  readonly latest: Seconds;
  readonly certain?: Seconds | undefined;
  /** Nothing is dated later than this: what lies beyond is asked for at once, however much it is. */
  readonly quietAfter?: Seconds | undefined;
}

/**
 * Chooses the next window before anything is asked; undefined when everything up to `latest` is read. It begins where entries
 * can still appear, which is longer ago than `maxWindow` where the clocks disagree: then it is longer, and all but empty.
 */
export function nextWindow(position: Position, limits: WindowLimits, reach: Reach): Window | undefined {
  const { through, settled, stretch } = position;
  const { latest, certain, quietAfter } = reach;
  if (through >= latest) return undefined;
  const from = settled + 1;
  const ahead = Math.max(from + limits.maxWindow, through + limits.maxWindow - limits.lookback) - 1;
  const isQuiet = quietAfter !== undefined && through >= quietAfter;
  const to = isQuiet ? latest : Math.max(through + 1, Math.min(latest, through + stretch, ahead));
  return { from, to, chosenAt: latest, certain };
}

/** How a window was read. */
export interface WindowRead {
  readonly pages: number;
  /** The newest entry of its first page: that second had passed before the rest was read. */
  readonly newest?: Seconds | undefined;
  /** The earliest time that anything gives for the window's last answer. */
  readonly endedAt?: Seconds | undefined;
}

/**
 * The position once a window is exhausted and delivered. What is older than `lookback` for certain needs no second reading;
 * the rest is read again, and `seen` keeps it from being sent again. `shortened` says that there was more of it than fits.
 * No clock alone makes anything final: `certain` takes two that agree, or an entry.
 */
export function advance(
  position: Position,
  window: Window,
  walk: WindowLimits & WindowRead,
): { position: Position; shortened: boolean } {
  const certain = Math.max(window.certain ?? 0, walk.newest ?? 0);
  const settled = Math.max(position.settled, Math.min(window.to, certain - walk.lookback - 1));
  const through = Math.max(position.through, settled, Math.min(window.to, walk.endedAt ?? window.to));
  const kept = forget(position.seen, settled);
  const next = { ...position, through, stretch: nextStretch(position, window, walk) };
  if (countSeen(kept) <= MOST_SEEN_IDS) return { position: { ...next, settled, seen: kept }, shortened: false };
  const forgotten = Math.max(settled, secondToForget(kept, MOST_SEEN_IDS));
  const forced = { settled: forgotten, through: Math.max(through, forgotten) };
  return { position: { ...next, ...forced, seen: forget(kept, forgotten) }, shortened: true };
}

/** The position when Slack's clock turns out to be behind `through`: more is read again, and nothing is sent again. */
export function moveBack(position: Position, now: Seconds): Position {
  return { ...position, through: Math.max(position.settled, now) };
}

/** The position after a walk that Slack broke off: nothing is gained but a shorter next window, so that it may get through. */
export function giveUp(position: Position): Position {
  return { ...position, stretch: Math.max(1, Math.floor(position.stretch / 2)) };
}

/**
 * The position to plan a shorter window from, where the first page shows that the ids of this one would fill the memory: a
 * window reaches far after a quiet time, and what it then meets may be dense. Undefined where it will do.
 */
export function replan(
  position: Position,
  window: Window,
  page: { oldest: Seconds; entries: number },
): Position | undefined {
  const covered = window.to - page.oldest + 1;
  const expected = (page.entries / covered) * (window.to - position.through);
  return expected > MOST_IDS_IN_A_WINDOW
    ? { ...position, stretch: Math.min(covered * PAGES_WANTED, LONGEST_STRETCH) }
    : undefined;
}

/**
 * Aims at ten pages of what is new: few enough to repeat after a fault, enough to make headway. What is read again does not
 * count, for a shorter stretch would not make it less.
 */
function nextStretch(
  { through, stretch }: Position,
  { from, to }: Window,
  { pages, maxWindow }: { pages: number; maxWindow: Seconds },
): Seconds {
  const ahead = (pages * (to - through)) / (to - from + 1);
  if (ahead > PAGES_WANTED) return Math.max(1, Math.floor((stretch * PAGES_WANTED) / ahead));
  return ahead > PAGES_WANTED / 2 ? stretch : Math.min(stretch * 2, maxWindow, LONGEST_STRETCH);
}
