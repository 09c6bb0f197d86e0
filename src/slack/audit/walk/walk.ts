import type { Report } from "../../../events.ts";
import type { Page, Seconds } from "../../../model.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { DecodedEntry } from "../decode/decoded-entry.ts";
import { createCursorGuard } from "./cursor-guard.ts";
import type { FetchedPage, FetchPage, FetchResult } from "./fetch-page.ts";
import { type Position, positionToJson } from "./position.ts";
import type { ReportOddEntries } from "./report-odd-entries.ts";
import { countSeen, dedupe } from "./seen.ts";
import type { SlackTime } from "./slack-time.ts";
import { advance, replan, shrinkWindow, type Window, type WindowLimits } from "./window.ts";

/** The options that all walks of a source share. */
export interface WalkOptions {
  readonly source: string;
  readonly fetchPage: FetchPage;
  readonly pageSize: number;
  readonly limits: WindowLimits;
  readonly slackTime: Pick<SlackTime, "estimate" | "observeEntry">;
  readonly reportOddEntries: ReportOddEntries;
  /** Reports whether entries with this action are delivered. */
  readonly wants: (action: string) => boolean;
  readonly clock: Clock;
  readonly report: Report;
}

/** Created once: capturing its stack takes longer than walking an empty window. */
const WALK_ENDED = new DOMException("The walk has ended", "AbortError");

const NO_ENTRIES = {
  ...{ pages: 0, read: 0, delivered: 0, seen: 0, filtered: 0 },
  ...{ mapping_errors: 0, late: 0, outside: 0, collided: 0 },
};

/** The result of a walk. */
export interface WalkResult {
  readonly position: Position;
  /** `complete`: the window is read. `interrupted`: it must be read again. `future`: Slack says that it ends in the future. */
  readonly end: "complete" | "interrupted" | "future";
}

/**
 * Reads a window page by page, and returns the position after it. Only an answer without a cursor ends the window: a short page, an
 * empty page or a known id does not. The position of an interrupted walk has the keys of what was delivered, so nothing is sent
 * twice when the window is read again. While one page is delivered the next one is fetched, and no other.
 */
export async function* walkWindow(
  window: Window,
  start: Position,
  options: WalkOptions,
  stopping: AbortSignal,
): AsyncGenerator<Page, WalkResult, void> {
  const { source, limits, report, clock, slackTime } = options;
  const startedMs = clock.monotonic();
  const tally = { ...NO_ENTRIES };
  const cursors = createCursorGuard();
  const walkEnd = new AbortController();
  const signal = AbortSignal.any([stopping, walkEnd.signal]);
  let position = start;
  let limit = options.pageSize;
  let newest: Seconds | undefined;
  try {
    let cursor: string | undefined;
    for (let pending: Promise<FetchResult> | undefined = fetchPage(); pending; ) {
      const result: FetchResult = await pending;
      if (result.status === "refused") {
        if (result.refusal.kind !== "size") return interrupt(result.refusal.why, result.refusal.kind);
        limit = Math.max(1, Math.floor(limit / 2));
        report({ event: "page_shortened", source, why: result.refusal.why, page_size: limit });
        pending = fetchPage(cursor);
        continue;
      }
      const { entries, nextCursor, organisation, date, release }: FetchedPage = result.value;
      const cursorFault = cursors.check(nextCursor, entries);
      if (cursorFault !== undefined) return interrupt(cursorFault);
      if (tally.pages === 0 && nextCursor !== undefined) {
        const shorter = replan(position, window, { entries: entries.length, oldest: oldestOf(entries) });
        if (shorter) return { position: shorter, end: "interrupted" };
      }
      tally.pages++;
      if (organisation) position = { ...position, organisation: organisation.id };
      cursor = nextCursor;
      pending = cursor === undefined ? undefined : fetchPage(cursor);

      const { inside = [], outside = [] } = Object.groupBy(entries, (entry) =>
        isInside(entry, window) ? "inside" : "outside",
      );
      if (tally.pages === 1) newest = newestOf(inside);
      const undelivered = selectUndelivered(inside.toReversed());
      tally.outside += outside.length;
      options.reportOddEntries("outside", outside);
      if (!pending) position = finishWindow(position, date);
      if (undelivered.length > 0 || !pending) yield { records: undelivered, next: positionToJson(position) };
      release();
      tally.delivered += undelivered.length;
      tally.mapping_errors += undelivered.filter(({ hasMappingError }) => hasMappingError).length;
    }
  } finally {
    walkEnd.abort(WALK_ENDED);
  }

  const { latest = window.chosenAt, isDoubted } = slackTime.estimate();
  const to = Math.min(window.to, position.through);
  report({
    event: "window_delivered",
    source,
    from: window.from,
    to,
    ...tally,
    lag_seconds: Math.max(window.chosenAt, isDoubted ? latest : 0) - to,
    catching_up: to < window.chosenAt || isDoubted,
    duration_ms: Math.round(clock.monotonic() - startedMs),
  });
  return { position, end: "complete" };

  function fetchPage(cursor?: string): Promise<FetchResult> {
    const query = { oldest: window.from, latest: window.to, limit, ...(cursor && { cursor }) };
    const pending = options.fetchPage(query, position.organisation, signal);
    // It may reject before it is awaited, or never be awaited: neither is an unhandled rejection.
    pending.catch(() => {});
    return pending;
  }

  /** Selects the wanted entries that are not yet delivered, and adds them to the position. `inside` is oldest first. */
  function selectUndelivered(inside: readonly DecodedEntry[]): DecodedEntry[] {
    const wanted = inside.filter((entry) => options.wants(entry.action ?? ""));
    const { fresh, known, collided, seen } = dedupe(position.seen, wanted);
    position = { ...position, seen };
    tally.read += inside.length;
    tally.filtered += inside.length - wanted.length;
    tally.seen += known;
    tally.collided += collided.length;
    options.reportOddEntries("collided", collided);
    tally.late += fresh.filter(({ date }) => date !== undefined && date <= start.through).length;
    return fresh;
  }

  /** The position after the window's last page, whose answer has `date`. */
  function finishWindow(read: Position, date: Seconds | undefined): Position {
    if (newest !== undefined) slackTime.observeEntry(newest);
    const endedAt = Math.min(date ?? window.to, slackTime.estimate().latest ?? window.to);
    const result = { ...limits, pages: tally.pages, newest, endedAt };
    const { position: next, shortened } = advance(read, window, result);
    if (shortened) {
      const lookback_seconds = next.through - next.finalThrough;
      report({ event: "lookback_shortened", source, ids: countSeen(next.seen), lookback_seconds });
    }
    return next;
  }

  function interrupt(why: string, kind: "cursor" | "future" = "cursor"): WalkResult {
    report({ event: "window_restarted", source, why });
    return kind === "future" ? { position, end: "future" } : { position: shrinkWindow(position), end: "interrupted" };
  }
}

/** The date of a page's last entry, which is its oldest; infinity where it has none. */
function oldestOf(entries: readonly DecodedEntry[]): Seconds {
  return entries.at(-1)?.date ?? Number.POSITIVE_INFINITY;
}

/** The latest date among the entries; undefined where none has a date. */
function newestOf(entries: readonly DecodedEntry[]): Seconds | undefined {
  let newest: Seconds | undefined;
  for (const { date } of entries) if (date !== undefined && date > (newest ?? 0)) newest = date;
  return newest;
}

/** An entry dated outside of the window belongs to another window. An entry without a date belongs to every window. */
function isInside({ date }: Pick<DecodedEntry, "date">, { from, to }: Window): boolean {
  return date === undefined || (date >= from && date <= to);
}
