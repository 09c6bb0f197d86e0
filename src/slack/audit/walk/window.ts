import type { Seconds } from "../../../model.ts";
import { MAX_WINDOW_SECONDS, type Position } from "./position.ts";
import { countSeen, prune, secondToPrune } from "./seen.ts";

/** The period that one walk over Slack's pages covers. Both ends are inclusive, and are sent with every request. */
export interface Window {
  readonly from: Seconds;
  readonly to: Seconds;
  /** The estimated time at Slack when the window was chosen. */
  readonly chosenAt: Seconds;
  /** A second that had certainly passed at Slack by then; undefined where none is known. */
  readonly certain?: Seconds | undefined;
}

/** The operator's limits. `maxWindow` is longer than `lookback`. */
export interface WindowLimits {
  /** How late an entry may become visible and still be delivered. */
  readonly lookback: Seconds;
  /** The length of the longest window, including the part that is read again. */
  readonly maxWindow: Seconds;
}

const TARGET_PAGES = 10;
/** About 30 MB of memory and 12 MB in the stored position. */
const MAX_SEEN_KEYS = 500_000;
const MAX_KEYS_PER_WINDOW = 200_000;

/** The bounds of the next window. */
export interface WindowBounds {
  /** The latest end of a window. */
  readonly latest: Seconds;
  readonly certain?: Seconds | undefined;
  /** No entry is dated later than this. The period after it is one window, however long. */
  readonly quietAfter?: Seconds | undefined;
}

/**
 * Chooses the next window; undefined where everything up to `latest` is read. It begins where entries can still appear. Where the
 * clocks disagree that is longer ago than `maxWindow`: the window is then longer too, and its older part holds nothing new.
 */
export function nextWindow(position: Position, limits: WindowLimits, bounds: WindowBounds): Window | undefined {
  const { through, finalThrough, windowSeconds } = position;
  const { latest, certain, quietAfter } = bounds;
  if (through >= latest) return undefined;
  const from = finalThrough + 1;
  const longest = Math.max(from + limits.maxWindow, through + limits.maxWindow - limits.lookback) - 1;
  const isQuiet = quietAfter !== undefined && through >= quietAfter;
  const to = isQuiet ? latest : Math.max(through + 1, Math.min(latest, through + windowSeconds, longest));
  return { from, to, chosenAt: latest, certain };
}

/** What the walk over a window found. */
export interface WindowResult {
  readonly pages: number;
  /** The newest entry of the first page. Its second had passed before the other pages were read. */
  readonly newest?: Seconds | undefined;
  /** The earliest estimate of the time of the last answer. */
  readonly endedAt?: Seconds | undefined;
}

/**
 * Returns the position after a window is read and delivered. What is certainly older than `lookback` is final; the rest is read
 * again, and `seen` prevents that it is sent again. `shortened` reports that `seen` was full, so that the lookback is shorter.
 * A single clock makes nothing final: `certain` takes two that agree, or an entry.
 */
export function advance(
  position: Position,
  window: Window,
  walk: WindowLimits & WindowResult,
): { position: Position; shortened: boolean } {
  const certain = Math.max(window.certain ?? 0, walk.newest ?? 0);
  const finalThrough = Math.max(position.finalThrough, Math.min(window.to, certain - walk.lookback - 1));
  const through = Math.max(position.through, finalThrough, Math.min(window.to, walk.endedAt ?? window.to));
  const seen = prune(position.seen, finalThrough);
  const next = { ...position, through, windowSeconds: nextWindowSeconds(position, window, walk) };
  if (countSeen(seen) <= MAX_SEEN_KEYS) return { position: { ...next, finalThrough, seen }, shortened: false };
  const forced = Math.max(finalThrough, secondToPrune(seen, MAX_SEEN_KEYS));
  return {
    position: { ...next, finalThrough: forced, through: Math.max(through, forced), seen: prune(seen, forced) },
    shortened: true,
  };
}

/** Moves `through` back to Slack's clock. More is read again; nothing is sent again. */
export function moveBack(position: Position, now: Seconds): Position {
  return { ...position, through: Math.max(position.finalThrough, now) };
}

/** Halves the next window after an interrupted walk. */
export function shrinkWindow(position: Position): Position {
  return { ...position, windowSeconds: Math.max(1, Math.floor(position.windowSeconds / 2)) };
}

/**
 * Shortens the next window if the first page shows that this one holds too many entries for `seen`; undefined if it does not. After
 * a quiet time a window is long, and may still reach a busy one.
 */
export function replan(
  position: Position,
  window: Window,
  page: { oldest: Seconds; entries: number },
): Position | undefined {
  const covered = window.to - page.oldest + 1;
  const expected = (page.entries / covered) * (window.to - position.through);
  return expected > MAX_KEYS_PER_WINDOW
    ? { ...position, windowSeconds: Math.min(covered * TARGET_PAGES, MAX_WINDOW_SECONDS) }
    : undefined;
}

/**
 * Aims at ten new pages per window: few to repeat after a fault, and many enough to catch up. Pages that are read again do not
 * count, because a shorter window does not avoid them.
 */
function nextWindowSeconds(
  { through, windowSeconds }: Position,
  { from, to }: Window,
  { pages, maxWindow }: { pages: number; maxWindow: Seconds },
): Seconds {
  const newPages = (pages * (to - through)) / (to - from + 1);
  if (newPages > TARGET_PAGES) return Math.max(1, Math.floor((windowSeconds * TARGET_PAGES) / newPages));
  return newPages > TARGET_PAGES / 2 ? windowSeconds : Math.min(windowSeconds * 2, maxWindow, MAX_WINDOW_SECONDS);
}
