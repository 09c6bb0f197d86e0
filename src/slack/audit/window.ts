import type { Seconds } from "../../model.ts";
import type { Position } from "./position.ts";
import { countSeen, forget, secondToForget } from "./seen.ts";

/** The stretch of time that one walk over Slack's pages asks for; both ends are inclusive and go with every request. */
export interface Window {
  readonly from: Seconds;
  readonly to: Seconds;
  /** Slack's clock when the window was chosen. */
  readonly chosenAt: Seconds;
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

/** Chooses the next window before anything is asked; undefined when everything up to Slack's `now` is read. */
export function nextWindow(position: Position, limits: WindowLimits, now: Seconds): Window | undefined {
  if (position.through >= now) return undefined;
  const from = Math.max(position.settled + 1, position.through - limits.lookback);
  const reach = Math.min(position.through + position.stretch, from + limits.maxWindow - 1);
  return { from, to: Math.max(position.through + 1, Math.min(now, reach)), chosenAt: now };
}

/**
 * The position once a window is exhausted and delivered. What is older than `lookback` by then needs no second reading;
 * the rest is read again, and `seen` keeps it from being sent again. `shortened` says that there was more of it than fits.
 */
export function advance(
  position: Position,
  window: Window,
  walk: WindowLimits & { pages: number },
): { position: Position; shortened: boolean } {
  const settled = Math.max(position.settled, Math.min(window.to, window.chosenAt - walk.lookback - 1));
  const kept = forget(position.seen, settled);
  const next = { ...position, through: window.to, stretch: nextStretch(position, window, walk) };
  if (countSeen(kept) <= MOST_SEEN_IDS) return { position: { ...next, settled, seen: kept }, shortened: false };
  const forgotten = Math.max(settled, secondToForget(kept, MOST_SEEN_IDS));
  return { position: { ...next, settled: forgotten, seen: forget(kept, forgotten) }, shortened: true };
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
  return expected > MOST_IDS_IN_A_WINDOW ? { ...position, stretch: covered * PAGES_WANTED } : undefined;
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
  return ahead > PAGES_WANTED / 2 ? stretch : Math.min(stretch * 2, maxWindow);
}
