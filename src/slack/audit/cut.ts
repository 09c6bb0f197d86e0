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

/**
 * Takes the top-level list `entries` out of a page and cuts it into its elements, as they stand there. What is left, the
 * envelope, is parsed by JSON.parse, and so is each element later: this finds boundaries and leaves all judging of JSON to the
 * platform.
 */
export function cutEntries(text: string): { texts: string[]; envelope: string; found: boolean } | undefined {
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== OPEN_BRACE) return undefined;
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at);
    const colon = skipSpace(text, keyEnd);
    if (text.charCodeAt(colon) !== COLON) return undefined;
    const value = skipSpace(text, colon + 1);
    if (text.slice(at, keyEnd) === '"entries"' && text.charCodeAt(value) === OPEN_BRACKET) {
      const list = cutList(text, value);
      if (!list) return undefined;
      return { texts: list.texts, envelope: text.slice(0, at) + LIST_WAS_HERE + text.slice(list.end), found: true };
    }
    const end = endOfValue(text, value);
    if (end === value) return undefined;
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return { texts: [], envelope: text, found: false };
}

/** The elements of the list that opens at `start`, and the index behind it. */
function cutList(text: string, start: number): { texts: string[]; end: number } | undefined {
  const texts: string[] = [];
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_BRACKET) return { texts, end: at + 1 };
  for (;;) {
    const end = endOfValue(text, at);
    if (end === at) return undefined;
    texts.push(text.slice(at, end).trimEnd());
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === CLOSE_BRACKET) return { texts, end: at + 1 };
    if (text.charCodeAt(at) !== COMMA) return undefined;
    at = skipSpace(text, at + 1);
  }
}

/** The index behind the value that begins at `start`; `start` itself where none ends. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at) - 1;
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

/** The index behind the string whose opening quote stands at `start`; the text's end where it never closes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** JSON's four kinds of white space (RFC 8259 §2). */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
