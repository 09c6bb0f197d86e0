import { createHash } from "node:crypto";
import type { Json, Seconds } from "../../model.ts";
import { type Entry, isObject } from "./entry.ts";

/**
 * The ids of what is delivered and may be read again, by the second of their entry; never changed in place. Those of a second are
 * one text, as they are stored: ids hold no spaces, so a space parts them. A set of them would take three times the memory.
 */
export type Seen = ReadonlyMap<Seconds, string>;

/** The second under which entries without a usable date are kept: time cannot prune them, their number does. */
const UNDATED: Seconds = 0;
const MOST_UNDATED = 50_000;

/** Splits entries into those not yet seen and the number of the others, and gives the memory that holds them all. */
export function remember<One extends Pick<Entry, "id" | "date">>(
  seen: Seen,
  entries: readonly One[],
): { fresh: One[]; known: number; seen: Seen } {
  const own = new Map<Seconds, Set<string>>();
  const fresh: One[] = [];
  for (const entry of entries) {
    const second = entry.date ?? UNDATED;
    const ids = own.get(second) ?? new Set(seen.get(second)?.split(" "));
    own.set(second, ids);
    const key = compact(entry.id);
    if (ids.has(key)) continue;
    ids.add(key);
    fresh.push(entry);
  }
  const next = new Map(seen);
  for (const [second, ids] of own) next.set(second, [...ids].join(" "));
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

const SHORT_AND_PLAIN = /^[!-~]{1,64}$/;

/** A UUID as 22 characters; any other id as it is, behind a mark that no UUID begins with; a long or odd one by its digest. */
function compact(id: string): string {
  if (readUuid(id)) return uuid.toString("base64url");
  if (SHORT_AND_PLAIN.test(id)) return `=${id}`;
  return `#${createHash("sha256").update(id).digest("base64url")}`;
}

/** The bytes of the UUID that was read last. */
const uuid = Buffer.alloc(16);
const UUID_LENGTH = 36;
const DASH = 0x2d;

/** Reads a UUID of small letters; false where an id is none. Every entry has one: this takes a sixth of what Buffer.from takes. */
function readUuid(id: string): boolean {
  if (id.length !== UUID_LENGTH) return false;
  let byte = 0;
  for (let at = 0; at < UUID_LENGTH; at += 2) {
    const isDashed = at === 8 || at === 13 || at === 18 || at === 23;
    if (isDashed && id.charCodeAt(at++) !== DASH) return false;
    const value = (hexDigit(id.charCodeAt(at)) << 4) | hexDigit(id.charCodeAt(at + 1));
    if (value < 0) return false;
    uuid[byte++] = value;
  }
  return true;
}

/** What a digit is worth; negative where it is none. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}
