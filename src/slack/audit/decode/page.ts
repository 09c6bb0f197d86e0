import type { Outcome } from "../../../model.ts";
import { CLOSE_BRACKET, COLON, COMMA, isObject, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../../../runtime/json.ts";
import type { DecodedEntry } from "./decoded-entry.ts";
import { endOfString, endOfValue, skipSpace } from "./json-bytes.ts";

/** A page of `GET /audit/v1/logs`. Its entries are in Slack's order, newest first. */
export interface EntriesPage {
  readonly entries: readonly DecodedEntry[];
  /** Absent on the last page of a window. */
  readonly nextCursor?: string;
}

/** An open page. */
export interface PageReader {
  /** The page as valid UTF-8. */
  readonly bytes: Buffer;
  /** Reads the entry that begins at `from`; throws a `SyntaxError` where no JSON does. */
  readonly readEntry: (from: number) => DecodedEntry;
  /** Frees the page's buffers; its records must not be read afterwards. */
  release(): void;
}

/** Yields to the event loop. */
export type YieldToEventLoop = () => Promise<void>;

/** Entries to read before yielding. They take 4 ms, or 11 ms where they must be parsed. */
const ENTRIES_PER_TURN = 500;

/** Replaces the list in the envelope, so that a second `entries` is still found. */
const PLACEHOLDER = '"":0';

/** Reads a page. Any other answer is a retry: a part of a page, or a login page, must never count as a page without entries. */
export async function readPage(page: PageReader, yieldToEventLoop: YieldToEventLoop): Promise<Outcome<EntriesPage>> {
  try {
    return checkParts(await splitPage(page, yieldToEventLoop));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { status: "retry", why: "Slack's answer is not complete JSON" };
  }
}

interface PageParts {
  /** The page without its list of entries, parsed. */
  readonly envelope: unknown;
  /** Undefined where the page has no such list. */
  readonly entries?: readonly DecodedEntry[];
}

function checkParts({ envelope, entries }: PageParts): Outcome<EntriesPage> {
  if (!isObject(envelope)) return { status: "retry", why: "Slack's answer is not a JSON object" };
  if (envelope.ok === false) return { status: "retry", why: "Slack's answer says ok: false" };
  if (!entries || "entries" in envelope) {
    return { status: "retry", why: "Slack's answer does not have one list of entries" };
  }
  const nextCursor = cursorOf(envelope.response_metadata);
  // Such a cursor is not the end: entries may follow.
  if (typeof nextCursor !== "string")
    return { status: "retry", why: "Slack's answer has a cursor that is not a string" };
  return { status: "ok", value: { entries, ...(nextCursor && { nextCursor }) } };
}

/** An empty, null or absent `next_cursor` means the end (docs.slack.dev/apis/web-api/pagination). */
function cursorOf(metadata: unknown): unknown {
  return (isObject(metadata) ? metadata.next_cursor : undefined) ?? "";
}

async function splitPage(page: PageReader, yieldToEventLoop: YieldToEventLoop): Promise<PageParts> {
  const { bytes } = page;
  const list = findList(bytes);
  if (!list) return { envelope: JSON.parse(bytes.toString("utf8")) };
  const { entries, end } = await readList(page, list.from, yieldToEventLoop);
  const envelope = bytes.toString("utf8", 0, list.key) + PLACEHOLDER + bytes.toString("utf8", end);
  return { envelope: JSON.parse(envelope), entries };
}

/** Finds the first member `entries` of the page that is a list: the index of its key, and of its opening bracket. */
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

/** Reads the list whose opening bracket is at `start`; `end` is the index after it. */
async function readList(
  { bytes, readEntry }: PageReader,
  start: number,
  yieldToEventLoop: YieldToEventLoop,
): Promise<{ entries: readonly DecodedEntry[]; end: number }> {
  const entries: DecodedEntry[] = [];
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_BRACKET) return { entries, end: at + 1 };
  for (;;) {
    if (entries.length % ENTRIES_PER_TURN === 0) await yieldToEventLoop();
    const entry = readEntry(at);
    entries.push(entry);
    at = skipSpace(bytes, entry.entry.to);
    if (bytes[at] === CLOSE_BRACKET) return { entries, end: at + 1 };
    if (bytes[at] !== COMMA) throw new SyntaxError("Neither another entry nor the end of the list");
    at = skipSpace(bytes, at + 1);
  }
}
