import type { Report } from "../../../events.ts";
import type { Page, Seconds } from "../../../model.ts";
import type { Clock } from "../../../runtime/clock.ts";
import type { DecodedEntry } from "../decode/decoded-entry.ts";
import { createCursorGuard } from "./cursor-guard.ts";
import type { FetchedPage, FetchPage, FetchResult } from "./fetch-page.ts";
import type { NoticeOdd } from "./odd-entries.ts";
import { type Position, positionToJson } from "./position.ts";
import type { Present } from "./present.ts";
import { countSeen, dedupe } from "./seen.ts";
import { advance, giveUp, replan, type Window, type WindowLimits } from "./window.ts";

/** What the walks of one source have in common. */
export interface WalkOptions {
  readonly source: string;
  readonly ask: FetchPage;
  readonly pageSize: number;
  readonly limits: WindowLimits;
  readonly present: Pick<Present, "view" | "meet">;
  readonly noticeOdd: NoticeOdd;
  /** Which actions are delivered. */
  readonly wants: (action: string) => boolean;
  readonly clock: Clock;
  readonly report: Report;
}

/** Made once, for its stack costs more than an empty window. */
const OVER = new DOMException("The walk is over", "AbortError");

const NOTHING = {
  ...{ pages: 0, read: 0, delivered: 0, seen: 0, filtered: 0 },
  ...{ mapping_errors: 0, late: 0, outside: 0, collided: 0 },
};

/** How a walk ended: everything is read, Slack broke it off, or Slack says that the window reaches into its future. */
export interface Walked {
  readonly position: Position;
  readonly end: "read" | "broken" | "future";
}

/**
 * Reads one window to its end, page by page, and returns the position behind it. Only an answer without a cursor is the
 * end: a short page, an empty page and a known id are not. Where Slack breaks the walk off, the position comes back with what
 * was delivered, so that the window can be read again and nothing of it is sent again. Slack is asked for the next page while
 * one is delivered, never for a second.
 */
export async function* walkWindow(
  window: Window,
  start: Position,
  options: WalkOptions,
  stopping: AbortSignal,
): AsyncGenerator<Page, Walked, void> {
  const { source, limits, report, clock, present } = options;
  const startedMs = clock.monotonic();
  const tally = { ...NOTHING };
  const cursors = createCursorGuard();
  const over = new AbortController();
  const signal = AbortSignal.any([stopping, over.signal]);
  let position = start;
  let limit = options.pageSize;
  let newest: Seconds | undefined;
  try {
    let cursor: string | undefined;
    for (let asking: Promise<FetchResult> | undefined = ask(); asking; ) {
      const answer: FetchResult = await asking;
      if (answer.status === "refused") {
        if (answer.refusal.kind !== "size") return broken(answer.refusal.why, answer.refusal.kind);
        limit = Math.max(1, Math.floor(limit / 2));
        report({ event: "page_shortened", source, why: answer.refusal.why, page_size: limit });
        asking = ask(cursor);
        continue;
      }
      const { entries, nextCursor, organisation, date, release }: FetchedPage = answer.value;
      const trouble = cursors.trouble(nextCursor, entries);
      if (trouble !== undefined) return broken(trouble);
      if (tally.pages === 0 && nextCursor !== undefined) {
        const shorter = replan(position, window, { entries: entries.length, oldest: oldestOf(entries) });
        if (shorter) return { position: shorter, end: "broken" };
      }
      tally.pages++;
      if (organisation) position = { ...position, organisation: organisation.id };
      cursor = nextCursor;
      asking = cursor === undefined ? undefined : ask(cursor);

      const inside = entries.filter((entry) => isInside(entry, window));
      if (tally.pages === 1) newest = newestOf(inside);
      const fresh = choose(inside.toReversed());
      tally.outside += entries.length - inside.length;
      if (inside.length < entries.length) {
        options.noticeOdd(
          "outside",
          entries.filter((entry) => !isInside(entry, window)),
        );
      }
      if (!asking) position = finish(position, date);
      if (fresh.length > 0 || !asking) yield { records: fresh, next: positionToJson(position) };
      release();
      tally.delivered += fresh.length;
      tally.mapping_errors += fresh.filter(({ hasMappingError }) => hasMappingError).length;
    }
  } finally {
    over.abort(OVER);
  }

  const { latest = window.chosenAt, isDoubted } = present.view();
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
  return { position, end: "read" };

  function ask(cursor?: string): Promise<FetchResult> {
    const query = { oldest: window.from, latest: window.to, limit, ...(cursor && { cursor }) };
    const asked = options.ask(query, position.organisation, signal);
    // Nobody waits for it yet: whoever does will hear of it.
    asked.catch(() => {});
    return asked;
  }

  /** Of a window's entries from the oldest to the newest, those that are to be delivered. */
  function choose(inside: readonly DecodedEntry[]): DecodedEntry[] {
    const wanted = inside.filter((entry) => options.wants(entry.action ?? ""));
    const chosen = dedupe(position.seen, wanted);
    position = { ...position, seen: chosen.seen };
    tally.read += inside.length;
    tally.filtered += inside.length - wanted.length;
    tally.seen += chosen.known;
    tally.collided += chosen.collided.length;
    options.noticeOdd("collided", chosen.collided);
    tally.late += chosen.fresh.filter(({ date }) => date !== undefined && date <= start.through).length;
    return chosen.fresh;
  }

  function finish(exhausted: Position, date: Seconds | undefined): Position {
    if (newest !== undefined) present.meet(newest);
    const endedAt = Math.min(date ?? window.to, present.view().latest ?? window.to);
    const read = { ...limits, pages: tally.pages, newest, endedAt };
    const { position: next, shortened } = advance(exhausted, window, read);
    if (shortened) {
      const lookback_seconds = next.through - next.settled;
      report({ event: "lookback_shortened", source, ids: countSeen(next.seen), lookback_seconds });
    }
    return next;
  }

  function broken(why: string, kind: "cursor" | "future" = "cursor"): Walked {
    report({ event: "window_restarted", source, why });
    return kind === "future" ? { position, end: "future" } : { position: giveUp(position), end: "broken" };
  }
}

/** The date of a page's oldest entry, its last; later than any where it has none. */
function oldestOf(entries: readonly DecodedEntry[]): Seconds {
  return entries.at(-1)?.date ?? Number.POSITIVE_INFINITY;
}

/** The latest date among the entries; undefined where none has one. */
function newestOf(entries: readonly DecodedEntry[]): Seconds | undefined {
  let newest: Seconds | undefined;
  for (const { date } of entries) if (date !== undefined && date > (newest ?? 0)) newest = date;
  return newest;
}

/** An entry outside of its window belongs to another one; one without a date belongs wherever Slack shows it. */
function isInside({ date }: Pick<DecodedEntry, "date">, { from, to }: Window): boolean {
  return date === undefined || (date >= from && date <= to);
}
