import type { Stretch } from "../../model.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Stands in the envelope where the list was, so that an `entries` still in there is a second one. */
const LIST_WAS_HERE = '"":0';

/** A page in two parts. */
export interface CutPage {
  readonly entries: readonly Stretch[];
  /** All but the list. */
  readonly envelope: string;
  /** Whether there was a list. */
  readonly found: boolean;
}

/**
 * Takes the top-level list `entries` out of a page and cuts it into its elements, the entries, as they stand there. What is left, the
 * envelope, is parsed by JSON.parse, and so is each element that is not understood without: this finds boundaries and leaves
 * all judging of JSON to others.
 */
export function cutEntries(page: Buffer): CutPage | undefined {
  let at = skipSpace(page, 0);
  if (page[at] !== OPEN_BRACE) return undefined;
  at = skipSpace(page, at + 1);
  while (page[at] === QUOTE) {
    const keyEnd = endOfString(page, at);
    const colon = skipSpace(page, keyEnd);
    if (page[colon] !== COLON) return undefined;
    const value = skipSpace(page, colon + 1);
    if (page.toString("utf8", at, keyEnd) === '"entries"' && page[value] === OPEN_BRACKET) {
      const list = cutList(page, value);
      if (!list) return undefined;
      const envelope = page.toString("utf8", 0, at) + LIST_WAS_HERE + page.toString("utf8", list.end);
      return { entries: list.entries, envelope, found: true };
    }
    const end = endOfValue(page, value);
    if (end === value) return undefined;
    at = skipSpace(page, end);
    if (page[at] === COMMA) at = skipSpace(page, at + 1);
  }
  return { entries: [], envelope: page.toString("utf8"), found: false };
}

/** The elements of the list that opens at `start`, and the index behind it. */
function cutList(page: Buffer, start: number): { entries: Stretch[]; end: number } | undefined {
  const entries: Stretch[] = [];
  let at = skipSpace(page, start + 1);
  if (page[at] === CLOSE_BRACKET) return { entries, end: at + 1 };
  for (;;) {
    const end = endOfValue(page, at);
    if (end === at) return undefined;
    entries.push({ bytes: page, from: at, to: trimEnd(page, end) });
    at = skipSpace(page, end);
    if (page[at] === CLOSE_BRACKET) return { entries, end: at + 1 };
    if (page[at] !== COMMA) return undefined;
    at = skipSpace(page, at + 1);
  }
}

/** The index behind the value that begins at `start`; `start` itself where none ends. */
function endOfValue(page: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < page.length; at++) {
    switch (page[at]) {
      case QUOTE:
        at = endOfString(page, at) - 1;
        if (depth === 0) return at + 1;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 0) return at;
        if (--depth === 0) return at + 1;
        break;
      case COMMA:
        if (depth === 0) return at;
        break;
    }
  }
  return start;
}

/** The index behind the string whose opening quote stands at `start`; the page's end where it never closes. */
function endOfString(page: Buffer, start: number): number {
  for (let at = start + 1; at < page.length; at++) {
    const code = page[at];
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return page.length;
}

function skipSpace(page: Buffer, start: number): number {
  let at = start;
  while (isSpace(page[at])) at++;
  return at;
}

function trimEnd(page: Buffer, end: number): number {
  let at = end;
  while (isSpace(page[at - 1])) at--;
  return at;
}

/** JSON's four kinds of white space (RFC 8259 §2). */
function isSpace(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
