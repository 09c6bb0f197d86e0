import type { Organisation, Page, Resource, Seconds } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Report } from "../../runtime/events.ts";
import type { Ask } from "./ask.ts";
import type { Entry } from "./entry.ts";
import { parseEntries } from "./page.ts";
import { type Position, positionToJson } from "./position.ts";
import { hasMappingError, type ToRecord } from "./record.ts";
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
  readonly toRecord: ToRecord;
  readonly resourceOf: (organisation: Organisation | undefined) => Resource;
  readonly clock: Clock;
  readonly report: Report;
}

/** So many entries are parsed and mapped at once: some 20 ms, in which nothing else happens, and a few MB. */
const SLICE = 2_000;

/**
 * Reads one window to its end, page by page, and returns the position behind it. Only an answer without a cursor is the
 * end: a short page, an empty page and a known id are not. Where Slack breaks the walk off, the position comes back with what
 * was delivered, so that the window can be read again and nothing of it is sent again.
 */
export async function* walkWindow(
  window: Window,
  start: Position,
  options: WalkOptions,
  signal: AbortSignal,
): AsyncGenerator<Page, Position, void> {
  const { source, limits, report, clock } = options;
  const startedMs = clock.monotonic();
  const tally = { pages: 0, read: 0, delivered: 0, seen: 0, filtered: 0, mapping_errors: 0, late: 0 };
  const cursors = new Set<string>();
  let position = start;
  let cursor: string | undefined;
  do {
    const query = { oldest: window.from, latest: window.to, limit: options.pageSize, ...(cursor && { cursor }) };
    const answer = await options.ask(query, position.organisation, signal);
    if (answer.status === "refused") return restart(answer.refusal);
    const { texts, nextCursor, organisation } = answer.value;
    if (nextCursor !== undefined && cursors.has(nextCursor)) return restart("Slack repeated a cursor");
    if (nextCursor !== undefined) cursors.add(nextCursor);
    if (cursor === undefined && nextCursor !== undefined) {
      const shorter = replan(position, window, { entries: texts.length, oldest: oldestOf(texts) });
      if (shorter) return shorter;
    }
    cursor = nextCursor;
    tally.pages++;

    if (organisation) position = { ...position, organisation: organisation.id };
    const context = { resource: options.resourceOf(organisation), arrivedAtMs: clock.now() };
    let fresh = 0;
    for (const { slice, isLast } of fromOldest(texts)) {
      const entries = parseEntries(slice);
      if (!entries) return restart("Slack's answer holds an entry that is not JSON");
      const chosen = choose(entries, position);
      position = { ...position, seen: chosen.seen };
      if (isLast && cursor === undefined) position = finish(position);
      const records = chosen.fresh.map((entry) => options.toRecord(entry, context));
      fresh += records.length;
      const settles = isLast && (fresh > 0 || cursor === undefined);
      if (records.length > 0 || settles) yield { records, ...(settles && { next: positionToJson(position) }) };
      else await clock.sleep(0, signal);
      tally.delivered += records.length;
      tally.mapping_errors += records.filter(hasMappingError).length;
    }
  } while (cursor !== undefined);

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

  function choose(entries: readonly Entry[], { seen }: Position) {
    const inside = entries.filter((entry) => isInside(entry, window));
    const wanted = inside.filter((entry) => options.wants(entry.action ?? ""));
    const chosen = remember(seen, wanted);
    tally.read += inside.length;
    tally.filtered += inside.length - wanted.length;
    tally.seen += chosen.known;
    tally.late += chosen.fresh.filter(({ date }) => date !== undefined && date <= start.through).length;
    return chosen;
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

/** The entries of a page from the oldest to the newest, in slices; an empty page is one empty slice. */
function* fromOldest(texts: readonly string[]): Generator<{ slice: string[]; isLast: boolean }> {
  for (let end = texts.length; ; end -= SLICE) {
    const isLast = end <= SLICE;
    yield { slice: texts.slice(Math.max(0, end - SLICE), end).reverse(), isLast };
    if (isLast) return;
  }
}

/** The date of a page's oldest entry, the last; later than any where it has none. */
function oldestOf(texts: readonly string[]): Seconds {
  return parseEntries(texts.slice(-1))?.[0]?.date ?? Number.POSITIVE_INFINITY;
}

/** An entry outside of its window belongs to another one; one without a date belongs wherever Slack shows it. */
function isInside({ date }: Entry, { from, to }: Window): boolean {
  return date === undefined || (date >= from && date <= to);
}
