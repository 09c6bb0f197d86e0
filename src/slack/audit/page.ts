import type { Outcome } from "../../model.ts";
import { isObject } from "./entry.ts";
import {
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endOfString,
  endOfValue,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
} from "./json-bytes.ts";
import type { EntryRead } from "./lazy-record.ts";

/** A page of `GET /audit/v1/logs`, its entries newest first as Slack sends them. */
export interface EntriesPage {
  readonly entries: readonly EntryRead[];
  /** Absent on the last page of a window. */
  readonly nextCursor?: string;
}

/** A page that is not read yet. */
export interface UnreadPage {
  /** UTF-8 throughout. */
  readonly bytes: Buffer;
  /** Reads the entry that begins there; throws a `SyntaxError` where none does that is JSON. */
  readonly read: (from: number) => EntryRead;
}

/** Lets others have their turn. */
export type Turn = () => Promise<void>;

/** So many entries are read at once: for 4 ms, or 11 where they must be parsed. */
const SLICE = 500;

/** Stands in the envelope where the list was, so that an `entries` still in there is a second one. */
const LIST_WAS_HERE = '"":0';

/** Reads a page. Only a complete one is one: half a page, a login page or `ok: false` must never pass for "no news". */
export async function readPage(page: UnreadPage, turn: Turn): Promise<Outcome<EntriesPage>> {
  try {
    return judge(await takeApart(page, turn));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { status: "retry", why: "Slack's answer is not complete JSON" };
  }
}

/** The entries of a page, read one by one, and all that stands around their list, the envelope. */
interface Parts {
  readonly envelope: unknown;
  /** Undefined where there is no such list. */
  readonly entries?: readonly EntryRead[];
}

function judge({ envelope, entries }: Parts): Outcome<EntriesPage> {
  if (!isObject(envelope)) return { status: "retry", why: "Slack's answer is not a JSON object" };
  if (envelope.ok === false) return { status: "retry", why: "Slack's answer says ok: false" };
  if (!entries || "entries" in envelope) {
    return { status: "retry", why: "Slack's answer does not have one list of entries" };
  }
  const nextCursor = cursorOf(envelope.response_metadata);
  // To take it for the end would be to lose what it points at.
  if (typeof nextCursor !== "string") return { status: "retry", why: "Slack's answer has a cursor that is no text" };
  return { status: "ok", value: { entries, ...(nextCursor && { nextCursor }) } };
}

/** An empty, null or absent `next_cursor` all mean the end (docs.slack.dev/apis/web-api/pagination). */
function cursorOf(metadata: unknown): unknown {
  return (isObject(metadata) ? metadata.next_cursor : undefined) ?? "";
}

async function takeApart(page: UnreadPage, turn: Turn): Promise<Parts> {
  const { bytes } = page;
  const list = findList(bytes);
  if (!list) return { envelope: JSON.parse(bytes.toString("utf8")) };
  const { entries, end } = await readList(page, list.from, turn);
  const envelope = bytes.toString("utf8", 0, list.key) + LIST_WAS_HERE + bytes.toString("utf8", end);
  return { envelope: JSON.parse(envelope), entries };
}

/** Where the first member `entries` of a page begins that is a list, and where the list does. */
function findList(bytes: Buffer): { key: number; from: number } | undefined {
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_BRACE) return undefined;
  at = skipSpace(bytes, at + 1);
  while (bytes[at] === QUOTE) {
    const keyEnd = endOfString(bytes, at);
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) return undefined;
    const from = skipSpace(bytes, colon + 1);
    const isList = bytes[from] === OPEN_BRACKET;
    if (isList && bytes.toString("utf8", at, keyEnd) === '"entries"') return { key: at, from };
    const end = endOfValue(bytes, from);
    if (end === from) return undefined;
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
  return undefined;
}

/** Reads the list that opens at `start`, and tells the index behind it. */
async function readList(
  { bytes, read }: UnreadPage,
  start: number,
  turn: Turn,
): Promise<{ entries: readonly EntryRead[]; end: number }> {
  const entries: EntryRead[] = [];
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_BRACKET) return { entries, end: at + 1 };
  for (;;) {
    if (entries.length % SLICE === 0) await turn();
    const entry = read(at);
    entries.push(entry);
    at = skipSpace(bytes, entry.entry.to);
    if (bytes[at] === CLOSE_BRACKET) return { entries, end: at + 1 };
    if (bytes[at] !== COMMA) throw new SyntaxError("Neither another entry nor the end of the list");
    at = skipSpace(bytes, at + 1);
  }
}
