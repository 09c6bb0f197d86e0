import { createHash } from "node:crypto";
import type { Seconds } from "../../../model.ts";
import type { DecodedEntry } from "../decode/decoded-entry.ts";

/**
 * The keys of delivered entries that may be read again, by the second of the entry. It is never changed in place. The keys of a
 * second are one string, separated by spaces, as they are stored: a set of strings takes three times the memory.
 */
export type Seen = ReadonlyMap<Seconds, string>;

/** The second of entries without a usable date. They are pruned by their number, not by time. */
const UNDATED: Seconds = 0;
const MAX_UNDATED = 50_000;

/** What identifies an entry: two entries with the same key and date may still differ in their text. */
type KeyedEntry = Pick<DecodedEntry, "key" | "date"> & Partial<Pick<DecodedEntry, "entry">>;

/**
 * Separates entries that are not yet seen (`fresh`) from the others, and adds them to `seen`. Entries of one second that share an
 * id but differ in their text are different entries; `collided` holds each fresh one of them whose id was already seen.
 */
export function dedupe<One extends KeyedEntry>(
  seen: Seen,
  entries: readonly One[],
): { fresh: One[]; known: number; collided: One[]; seen: Seen } {
  const changed = new Map<Seconds, Set<string>>();
  const fresh: One[] = [];
  const collided: One[] = [];
  const longKeys = keysWithDigests(entries);
  for (const entry of entries) {
    const second = entry.date ?? UNDATED;
    const keys = changed.get(second) ?? new Set(seen.get(second)?.split(" "));
    changed.set(second, keys);
    const key = longKeys.get(entry) ?? entry.key;
    if (keys.has(key)) continue;
    if (key !== entry.key) {
      if (keys.has(entry.key)) collided.push(entry);
      // A later page may hold only one of them: then its id alone identifies it.
      keys.add(entry.key);
    }
    keys.add(key);
    fresh.push(entry);
  }
  const next = new Map(seen);
  for (const [second, keys] of changed) next.set(second, [...keys].join(" "));
  return { fresh, known: entries.length - fresh.length, collided, seen: next };
}

/** The keys of entries that share second and id but differ in their text: id and digest of the text. */
function keysWithDigests(entries: readonly KeyedEntry[]): ReadonlyMap<KeyedEntry, string> {
  const longKeys = new Map<KeyedEntry, string>();
  // Nearly all pages have no duplicate keys.
  if (new Set(entries.map(({ key }) => key)).size === entries.length) return longKeys;
  const groups = Map.groupBy(entries, ({ date = UNDATED, key }) => `${date} ${key}`);
  for (const [first, ...others] of groups.values()) {
    if (!first || others.every((other) => isSame(first, other))) continue;
    for (const one of [first, ...others]) longKeys.set(one, `${one.key}~${digestOf(one)}`);
  }
  return longKeys;
}

function isSame({ entry: one }: KeyedEntry, { entry: other }: KeyedEntry): boolean {
  if (!one || !other) return true;
  return one.bytes.compare(other.bytes, other.from, other.to, one.from, one.to) === 0;
}

function digestOf({ entry }: KeyedEntry): string {
  const text = entry?.bytes.subarray(entry.from, entry.to) ?? "";
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

/** Removes the keys of entries dated up to and including `finalThrough`. Of entries without a date it keeps the newest. */
export function prune(seen: Seen, finalThrough: Seconds): Seen {
  const kept = new Map([...seen].filter(([second]) => second > finalThrough || second === UNDATED));
  const undated = kept.get(UNDATED)?.split(" ") ?? [];
  if (undated.length > MAX_UNDATED) kept.set(UNDATED, undated.slice(-MAX_UNDATED).join(" "));
  return kept;
}

/** Counts the keys. */
export function countSeen(seen: Seen): number {
  let keys = 0;
  for (const text of seen.values()) keys += countKeys(text);
  return keys;
}

function countKeys(text: string): number {
  let keys = 1;
  for (let space = text.indexOf(" "); space !== -1; space = text.indexOf(" ", space + 1)) keys++;
  return keys;
}

/** The `finalThrough` to prune with so that at most `maxKeys` remain. The newest second always remains. */
export function secondToPrune(seen: Seen, maxKeys: number): Seconds {
  const seconds = [...seen.keys()].filter((second) => second !== UNDATED).sort((a, b) => b - a);
  const keysOf = (second: Seconds) => countKeys(seen.get(second) ?? "");
  let keys = seen.has(UNDATED) ? keysOf(UNDATED) : 0;
  for (const [index, second] of seconds.entries()) {
    keys += keysOf(second);
    if (keys > maxKeys && index > 0) return second;
  }
  return UNDATED;
}
