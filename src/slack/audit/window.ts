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
  const next = { ...position, through: window.to, stretch: nextStretch(position.stretch, walk) };
  if (countSeen(kept) <= MOST_SEEN_IDS) return { position: { ...next, settled, seen: kept }, shortened: false };
  const forgotten = Math.max(settled, secondToForget(kept, MOST_SEEN_IDS));
  return { position: { ...next, settled: forgotten, seen: forget(kept, forgotten) }, shortened: true };
}

/** The position after a walk that Slack broke off: nothing is gained but a shorter next window, so that it may get through. */
export function giveUp(position: Position): Position {
  return { ...position, stretch: Math.max(1, Math.floor(position.stretch / 2)) };
}

/** Aims at windows of ten pages: few enough to repeat after a fault, enough to make headway. */
function nextStretch(stretch: Seconds, { pages, maxWindow }: { pages: number; maxWindow: Seconds }): Seconds {
  if (pages > PAGES_WANTED) return Math.max(1, Math.floor((stretch * PAGES_WANTED) / pages));
  return pages > PAGES_WANTED / 2 ? stretch : Math.min(stretch * 2, maxWindow);
}
