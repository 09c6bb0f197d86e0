import { createHash } from "node:crypto";
import type { Json, Seconds } from "../../../model.ts";
import { isObject } from "../../../runtime/json.ts";
import type { DecodedEntry } from "../decode/decoded-entry.ts";

/**
 * The keys of what is delivered and may be read again, by the second of their entry; never changed in place. Those of a second are
 * one text, as they are stored: keys hold no spaces, so a space parts them. A set of them would take three times the memory.
 */
export type Seen = ReadonlyMap<Seconds, string>;

/** The second under which entries without a usable date are kept: time cannot prune them, their number does. */
const UNDATED: Seconds = 0;
const MOST_UNDATED = 50_000;

/** An entry as far as it is remembered. */
type Remembered = Pick<DecodedEntry, "key" | "date"> & Partial<Pick<DecodedEntry, "entry">>;

/**
 * Splits entries into those not yet seen and the number of the others, and gives the memory that holds them all. Different
 * entries of one second with one id are told apart by their texts; `collided` are those of them that are fresh, but for one.
 */
export function dedupe<One extends Remembered>(
  seen: Seen,
  entries: readonly One[],
): { fresh: One[]; known: number; collided: One[]; seen: Seen } {
  const own = new Map<Seconds, Set<string>>();
  const fresh: One[] = [];
  const collided: One[] = [];
  const apart = tellApart(entries);
  for (const entry of entries) {
    const second = entry.date ?? UNDATED;
    const keys = own.get(second) ?? new Set(seen.get(second)?.split(" "));
    own.set(second, keys);
    const key = apart.get(entry) ?? entry.key;
    if (keys.has(key)) continue;
    if (key !== entry.key) {
      if (keys.has(entry.key)) collided.push(entry);
      // Where a later page shows only one of them, the id alone must be known.
      keys.add(entry.key);
    }
    keys.add(key);
    fresh.push(entry);
  }
  const next = new Map(seen);
  for (const [second, keys] of own) next.set(second, [...keys].join(" "));
  return { fresh, known: entries.length - fresh.length, collided, seen: next };
}

/** The keys, made of id and text, of those entries of one second that have one id and are not the same. */
function tellApart(entries: readonly Remembered[]): ReadonlyMap<Remembered, string> {
  const apart = new Map<Remembered, string>();
  // Nearly always there are as many keys as entries: then nothing else is made.
  if (new Set(entries.map(({ key }) => key)).size === entries.length) return apart;
  const groups = Map.groupBy(entries, ({ date = UNDATED, key }) => `${date} ${key}`);
  for (const [first, ...others] of groups.values()) {
    if (!first || others.every((other) => isSame(first, other))) continue;
    for (const one of [first, ...others]) apart.set(one, `${one.key}~${digestOf(one)}`);
  }
  return apart;
}

function isSame({ entry: one }: Remembered, { entry: other }: Remembered): boolean {
  if (!one || !other) return true;
  return one.bytes.compare(other.bytes, other.from, other.to, one.from, one.to) === 0;
}

function digestOf({ entry }: Remembered): string {
  const text = entry?.bytes.subarray(entry.from, entry.to) ?? "";
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
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
