import type { Json, Seconds } from "../../model.ts";
import { isObject } from "../../runtime/json.ts";
import type { DecodedEntry } from "./decoded-entry.ts";

/**
 * The keys of what is delivered and may be read again, by the second of their entry; never changed in place. Those of a second are
 * one text, as they are stored: keys hold no spaces, so a space parts them. A set of them would take three times the memory.
 */
export type Seen = ReadonlyMap<Seconds, string>;

/** The second under which entries without a usable date are kept: time cannot prune them, their number does. */
const UNDATED: Seconds = 0;
const MOST_UNDATED = 50_000;

/** Splits entries into those not yet seen and the number of the others, and gives the memory that holds them all. */
export function remember<One extends Pick<DecodedEntry, "key" | "date">>(
  seen: Seen,
  entries: readonly One[],
): { fresh: One[]; known: number; seen: Seen } {
  const own = new Map<Seconds, Set<string>>();
  const fresh: One[] = [];
  for (const entry of entries) {
    const second = entry.date ?? UNDATED;
    const keys = own.get(second) ?? new Set(seen.get(second)?.split(" "));
    own.set(second, keys);
    if (keys.has(entry.key)) continue;
    keys.add(entry.key);
    fresh.push(entry);
  }
  const next = new Map(seen);
  for (const [second, keys] of own) next.set(second, [...keys].join(" "));
  return { fresh, known: entries.length - fresh.length, seen: next };
}

/** Forgets what is dated up to and including `settled`; of what has no date, the newest stays. */
export function forget(seen: Seen, settled: Seconds): Seen {
  const kept = new Map([...seen].filter(([second]) => second > settled || second === UNDATED));
  const undated = kept.get(UNDATED)?.split(" ") ?? [];
  if (undated.length > MOST_UNDATED) kept.set(UNDATED, undated.slice(-MOST_UNDATED).join(" "));
  return kept;
}

/** How many ids are held. */
export function countSeen(seen: Seen): number {
  let ids = 0;
  for (const text of seen.values()) ids += countIds(text);
  return ids;
}

function countIds(text: string): number {
  let ids = 1;
  for (let space = text.indexOf(" "); space !== -1; space = text.indexOf(" ", space + 1)) ids++;
  return ids;
}

/** The second up to which ids must be forgotten so that at most `most` are left, the newest second's always among them. */
export function secondToForget(seen: Seen, most: number): Seconds {
  const seconds = [...seen.keys()].filter((second) => second !== UNDATED).sort((a, b) => b - a);
  const idsOf = (second: Seconds) => countIds(seen.get(second) ?? "");
  let ids = seen.has(UNDATED) ? idsOf(UNDATED) : 0;
  for (const [index, second] of seconds.entries()) {
    ids += idsOf(second);
    if (ids > most && index > 0) return second;
  }
  return UNDATED;
}

/** As it is stored. */
export function seenToJson(seen: Seen): Json {
  return Object.fromEntries(seen);
}

/** The reverse of `seenToJson`; throws a `TypeError` for anything that it did not write. */
export function seenFromJson(json: unknown): Seen {
  if (!isObject(json)) throw new TypeError("Cannot read the position: seen is not an object");
  return new Map(
    Object.entries(json).map(([second, ids]) => {
      if (!/^\d+$/.test(second) || typeof ids !== "string")
        throw new TypeError("Cannot read the position: seen is damaged");
      return [Number(second), ids];
    }),
  );
}
