import type { DecodedEntry } from "../decode/decoded-entry.ts";

/** Detects cursors that never end a walk. */
export interface CursorGuard {
  /** Returns why the walk cannot continue after this page; undefined where it can. */
  check(nextCursor: string | undefined, entries: readonly Pick<DecodedEntry, "key">[]): string | undefined;
}

/** A log does not have more pages in a row without a new entry. */
const MAX_PAGES_WITHOUT_NEW_ENTRY = 50;
/** Servers refuse the URL of a longer cursor. */
const MAX_CURSOR_LENGTH = 4_096;

/** Creates the guard of one walk. It keeps one key per page; the order of a page's entries does not matter. */
export function createCursorGuard(): CursorGuard {
  const cursors = new Set<string>();
  const pages = new Set<string>();
  let pagesWithoutNewEntry = 0;
  return {
    check(nextCursor, entries) {
      if (nextCursor === undefined) return undefined;
      if (cursors.has(nextCursor)) return "Slack repeated a cursor";
      if (nextCursor.length > MAX_CURSOR_LENGTH) {
        return `Slack's cursor is longer than ${MAX_CURSOR_LENGTH} characters`;
      }
      cursors.add(nextCursor);
      const key = smallestKey(entries);
      pagesWithoutNewEntry = key === undefined || pages.has(key) ? pagesWithoutNewEntry + 1 : 0;
      if (key !== undefined) pages.add(key);
      return pagesWithoutNewEntry > MAX_PAGES_WITHOUT_NEW_ENTRY
        ? `Slack's cursors brought no new entry for ${MAX_PAGES_WITHOUT_NEW_ENTRY} pages`
        : undefined;
    },
  };
}

function smallestKey(entries: readonly Pick<DecodedEntry, "key">[]): string | undefined {
  let smallest: string | undefined;
  for (const { key } of entries) if (smallest === undefined || key < smallest) smallest = key;
  return smallest;
}
