import { createHash } from "node:crypto";
import type { Json, Seconds } from "../../model.ts";
import { type Entry, isObject } from "./entry.ts";

/** The ids of what is delivered and may be read again, by the second of their entry. Never changed in place. */
export type Seen = ReadonlyMap<Seconds, ReadonlySet<string>>;

/** The second under which entries without a usable date are kept: time cannot prune them, their number does. */
const UNDATED: Seconds = 0;
const MOST_UNDATED = 50_000;

/** Splits entries into those not yet seen and the number of the others, and gives the memory that holds them all. */
export function remember<One extends Pick<Entry, "id" | "date">>(
  seen: Seen,
  entries: readonly One[],
): { fresh: One[]; known: number; seen: Seen } {
  const next = new Map<Seconds, ReadonlySet<string>>(seen);
  const own = new Map<Seconds, Set<string>>();
  const fresh: One[] = [];
  for (const entry of entries) {
    const second = entry.date ?? UNDATED;
    const key = compact(entry.id);
    if ((own.get(second) ?? seen.get(second))?.has(key)) continue;
    let ids = own.get(second);
    if (!ids) {
      ids = new Set(seen.get(second));
      own.set(second, ids);
      next.set(second, ids);
    }
    ids.add(key);
    fresh.push(entry);
  }
  return { fresh, known: entries.length - fresh.length, seen: next };
}

/** Forgets what is dated up to and including `settled`; of what has no date, the newest stays. */
export function forget(seen: Seen, settled: Seconds): Seen {
  const kept = new Map([...seen].filter(([second]) => second > settled || second === UNDATED));
  const undated = kept.get(UNDATED);
  if (undated && undated.size > MOST_UNDATED) kept.set(UNDATED, new Set([...undated].slice(-MOST_UNDATED)));
  return kept;
}

/** How many ids are held. */
export function countSeen(seen: Seen): number {
  let ids = 0;
  for (const set of seen.values()) ids += set.size;
  return ids;
}

/** The second up to which ids must be forgotten so that at most `most` are left, the newest second's always among them. */
export function secondToForget(seen: Seen, most: number): Seconds {
  const seconds = [...seen.keys()].filter((second) => second !== UNDATED).sort((a, b) => b - a);
  let ids = seen.get(UNDATED)?.size ?? 0;
  for (const [index, second] of seconds.entries()) {
    ids += seen.get(second)?.size ?? 0;
    if (ids > most && index > 0) return second;
  }
  return UNDATED;
}

/** One string per second: ids hold no spaces, so a space parts them. */
export function seenToJson(seen: Seen): Json {
  return Object.fromEntries([...seen].map(([second, ids]) => [String(second), idsToText(ids)]));
}

/** Most seconds are stored with every page of their window, and stay as they are. */
const texts = new WeakMap<ReadonlySet<string>, string>();

function idsToText(ids: ReadonlySet<string>): string {
  const known = texts.get(ids);
  if (known !== undefined) return known;
  const text = [...ids].join(" ");
  texts.set(ids, text);
  return text;
}

/** The reverse of `seenToJson`; throws a `TypeError` for anything that it did not write. */
export function seenFromJson(json: unknown): Seen {
  if (!isObject(json)) throw new TypeError("Cannot read the position: seen is not an object");
  return new Map(
    Object.entries(json).map(([second, ids]) => {
      if (!/^\d+$/.test(second) || typeof ids !== "string")
        throw new TypeError("Cannot read the position: seen is damaged");
      return [Number(second), new Set(ids.split(" "))];
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
