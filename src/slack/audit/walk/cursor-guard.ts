import type { DecodedEntry } from "../decode/decoded-entry.ts";

/** Watches the cursors of one walk, so that it comes to an end. */
export interface CursorGuard {
  /** Why the walk cannot go on behind this page; undefined where it can. */
  trouble(nextCursor: string | undefined, entries: readonly Pick<DecodedEntry, "key">[]): string | undefined;
}

/** More pages in a row without a new entry are no log, but a cursor without end. */
const MOST_PAGES_WITHOUT_NEWS = 50;
/** A longer cursor makes an address that servers refuse. */
const LONGEST_CURSOR = 4_096;

/** Makes the guard of one walk. It remembers one key a page, whatever the order inside of a page. */
export function createCursorGuard(): CursorGuard {
  const cursors = new Set<string>();
  const pages = new Set<string>();
  let withoutNews = 0;
  return {
    trouble(nextCursor, entries) {
      if (nextCursor === undefined) return undefined;
      if (cursors.has(nextCursor)) return "Slack repeated a cursor";
      if (nextCursor.length > LONGEST_CURSOR) return `Slack's cursor is longer than ${LONGEST_CURSOR} characters`;
      cursors.add(nextCursor);
      const first = smallestKey(entries);
      withoutNews = first === undefined || pages.has(first) ? withoutNews + 1 : 0;
      if (first !== undefined) pages.add(first);
      return withoutNews > MOST_PAGES_WITHOUT_NEWS
        ? `Slack's cursors brought no new entry for ${MOST_PAGES_WITHOUT_NEWS} pages`
        : undefined;
    },
  };
}

function smallestKey(entries: readonly Pick<DecodedEntry, "key">[]): string | undefined {
  let smallest: string | undefined;
  for (const { key } of entries) if (smallest === undefined || key < smallest) smallest = key;
  return smallest;
}
