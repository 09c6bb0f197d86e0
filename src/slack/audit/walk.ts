import type { Page, Seconds } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Report } from "../../runtime/events.ts";
import type { Answer, Ask, Asked } from "./ask.ts";
import type { DecodedEntry } from "./decoded-entry.ts";
import { type Position, positionToJson } from "./position.ts";
import { countSeen, remember } from "./seen.ts";
import { advance, giveUp, replan, type Window, type WindowLimits } from "./window.ts";

/** What the walks of one source have in common. */
export interface WalkOptions {
  readonly source: string;
  readonly ask: Ask;
  readonly pageSize: number;
  readonly limits: WindowLimits;
  /** Which actions are delivered. */
  readonly wants: (action: string) => boolean;
  readonly clock: Clock;
  readonly report: Report;
}

/** Made once, for its stack costs more than an empty window. */
const OVER = new DOMException("The walk is over", "AbortError");

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
): AsyncGenerator<Page, Position, void> {
  const { source, limits, report, clock } = options;
  const startedMs = clock.monotonic();
  const tally = { pages: 0, read: 0, delivered: 0, seen: 0, filtered: 0, mapping_errors: 0, late: 0 };
  const cursors = new Set<string>();
  const over = new AbortController();
  const signal = AbortSignal.any([stopping, over.signal]);
  let position = start;
  try {
    for (let asking: Promise<Asked> | undefined = ask(); asking; ) {
      const answer: Asked = await asking;
      if (answer.status === "refused") return restart(answer.refusal);
      const { entries, nextCursor, organisation, release }: Answer = answer.value;
      if (nextCursor !== undefined && cursors.has(nextCursor)) return restart("Slack repeated a cursor");
      if (nextCursor !== undefined) cursors.add(nextCursor);
      if (tally.pages === 0 && nextCursor !== undefined) {
        const shorter = replan(position, window, { entries: entries.length, oldest: oldestOf(entries) });
        if (shorter) return shorter;
      }
      tally.pages++;
      if (organisation) position = { ...position, organisation: organisation.id };
      asking = nextCursor === undefined ? undefined : ask(nextCursor);

      const fresh = choose(entries.toReversed());
      if (!asking) position = finish(position);
      if (fresh.length > 0 || !asking) yield { records: fresh, next: positionToJson(position) };
      release();
      tally.delivered += fresh.length;
      tally.mapping_errors += fresh.filter(({ hasMappingError }) => hasMappingError).length;
    }
  } finally {
    over.abort(OVER);
  }

  report({
    event: "window_delivered",
    source,
    from: window.from,
    to: window.to,
    ...tally,
    lag_seconds: window.chosenAt - window.to,
    catching_up: window.to < window.chosenAt,
    duration_ms: Math.round(clock.monotonic() - startedMs),
  });
  return position;

  function ask(cursor?: string): Promise<Asked> {
    const query = { oldest: window.from, latest: window.to, limit: options.pageSize, ...(cursor && { cursor }) };
    const asked = options.ask(query, position.organisation, signal);
    // Nobody waits for it yet: whoever does will hear of it.
    asked.catch(() => {});
    return asked;
  }

  /** Of entries from the oldest to the newest, those that are to be delivered. */
  function choose(entries: readonly DecodedEntry[]): DecodedEntry[] {
    const inside = entries.filter((entry) => isInside(entry, window));
    const wanted = inside.filter((entry) => options.wants(entry.action ?? ""));
    const chosen = remember(position.seen, wanted);
    position = { ...position, seen: chosen.seen };
    tally.read += inside.length;
    tally.filtered += inside.length - wanted.length;
    tally.seen += chosen.known;
    tally.late += chosen.fresh.filter(({ date }) => date !== undefined && date <= start.through).length;
    return chosen.fresh;
  }

  function finish(exhausted: Position): Position {
    const { position: next, shortened } = advance(exhausted, window, { ...limits, pages: tally.pages });
    if (shortened) {
      const lookback_seconds = next.through - next.settled;
      report({ event: "lookback_shortened", source, ids: countSeen(next.seen), lookback_seconds });
    }
    return next;
  }

  function restart(why: string): Position {
    report({ event: "window_restarted", source, why });
    return giveUp(position);
  }
}

/** The date of a page's oldest entry, its last; later than any where it has none. */
function oldestOf(entries: readonly DecodedEntry[]): Seconds {
  return entries.at(-1)?.date ?? Number.POSITIVE_INFINITY;
}

/** An entry outside of its window belongs to another one; one without a date belongs wherever Slack shows it. */
function isInside({ date }: Pick<DecodedEntry, "date">, { from, to }: Window): boolean {
  return date === undefined || (date >= from && date <= to);
}
