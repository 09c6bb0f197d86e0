import type { Seconds } from "../../model.ts";

/** What an entry does not tell of itself. */
export interface AddOptions {
  /** Slack's time in milliseconds from which the entry can be seen; by default its own second. */
  readonly visibleAt?: number;
  /** The entry's second, for a text that does not tell it in `date_create`; it also saves reading the text. */
  readonly at?: Seconds;
}

/** An entry as Slack's own JSON text, which is kept byte for byte, or as an object. */
export type NewEntry = string | object;

/** Which entries a page is taken from. */
export interface Stretch {
  /** Inclusive, like `to`. */
  readonly from: Seconds;
  readonly to: Seconds;
  readonly limit: number;
  readonly matches?: ((text: string) => boolean) | undefined;
}

/** The entries of an organisation, in the order of their seconds. */
export interface EntryStore {
  add(entry: NewEntry, options?: AddOptions): void;
  /**
   * The newest entries of a stretch, newest second first, that can be seen at `nowMs`. They are at most `limit`, except that a second
   * is never split. `nextTo` is the second to go on from, where there are more.
   */
  page(stretch: Stretch, nowMs: number): { readonly texts: readonly string[]; readonly nextTo?: Seconds };
}

interface Item {
  readonly at: Seconds;
  readonly text: string;
}

/** An empty store. A million entries are fine: adding is an append, reading a binary search. */
export function createEntryStore(): EntryStore {
  const items: Item[] = [];
  let hidden: (Item & { readonly visibleAt: number })[] = [];
  let sorted = true;
  let isReversed = false;

  const show = (item: Item) => {
    sorted &&= item.at >= (items.at(-1)?.at ?? item.at);
    items.push(item);
  };
  const showAllUntil = (nowMs: number) => {
    if (hidden.length > 0) {
      const due = hidden.filter(({ visibleAt }) => visibleAt <= nowMs);
      hidden = hidden.filter(({ visibleAt }) => visibleAt > nowMs);
      for (const { at, text } of due) show({ at, text });
    }
    // The sort is stable, and quick on what is nearly in order: the entries of one second stay in the order of their arrival.
    if (!sorted) items.sort((a, b) => a.at - b.at);
    sorted = true;
  };

  return {
    add(entry, { visibleAt, at = secondOf(entry) } = {}) {
      const text = typeof entry === "string" ? entry : JSON.stringify(entry);
      hidden.push({ at, text, visibleAt: visibleAt ?? at * 1_000 });
    },
    page({ from, to, limit, matches }, nowMs) {
      showAllUntil(nowMs);
      // The order inside of a second is another one from query to query, as a real organisation was seen to have it.
      isReversed = !isReversed;
      const texts: string[] = [];
      let secondFrom = 0;
      const endSecond = () => {
        if (isReversed) for (const text of texts.splice(secondFrom).reverse()) texts.push(text);
        secondFrom = texts.length;
      };
      let last: Seconds | undefined;
      for (let index = firstAfter(items, to) - 1; index >= 0; index--) {
        const item = items[index];
        if (!item || item.at < from) break;
        if (matches && !matches(item.text)) continue;
        if (item.at !== last) endSecond();
        if (texts.length >= limit && item.at !== last) return { texts, nextTo: item.at };
        texts.push(item.text);
        last = item.at;
      }
      endSecond();
      return { texts };
    },
  };
}

function firstAfter(items: readonly Item[], second: Seconds): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.at ?? second) <= second) low = middle + 1;
    else high = middle;
  }
  return low;
}

function secondOf(entry: NewEntry): Seconds {
  const { date_create: second }: { date_create?: unknown } = typeof entry === "string" ? JSON.parse(entry) : entry;
  if (typeof second !== "number")
    throw new TypeError("Cannot add the entry: it has no date_create, and no second is given");
  return second;
}
