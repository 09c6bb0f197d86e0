import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "../../../runtime/json.ts";

/**
 * Finds the end of the value that begins at `start`: the index after it, or `start` where no value begins. It only finds
 * boundaries: the text between them may still be no JSON.
 */
export function endOfValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at) - 1;
        if (depth === 0) return at + 1;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 0) return trimEnd(bytes, { start, end: at });
        if (--depth === 0) return at + 1;
        break;
      case COMMA:
        if (depth === 0) return trimEnd(bytes, { start, end: at });
        break;
    }
  }
  return start;
}

/** The index after the string whose opening quote is at `start`; the length of the bytes where the string never ends. */
export function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return bytes.length;
}

/** The index of the first byte from `start` on that is not white space. */
export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at++;
  return at;
}

function trimEnd(bytes: Uint8Array, { start, end }: { start: number; end: number }): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1])) at--;
  return at;
}

/** White space in JSON (RFC 8259 §2). */
function isSpace(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
