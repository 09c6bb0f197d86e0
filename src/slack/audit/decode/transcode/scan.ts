import type { JsonStringRange } from "../../../../encoding.ts";
import type { ByteRange } from "../../../../model.ts";
import { BACKSLASH, FIRST_PRINTABLE, NINE, QUOTE, SLASH, ZERO } from "../../../../runtime/json.ts";

/**
 * A position in JSON, and the value that was scanned last. Each `scan…` function moves `at` past one token, or returns false and
 * leaves `at` where it is.
 */
export interface Scanner extends JsonStringRange {
  bytes: Buffer;
  at: number;
  from: number;
  to: number;
  escapes: number;
}

/** A double holds every integer of so many digits. */
const MAX_DIGITS = 15;

/** Scans a string; false for one that has other escapes than `\/`, `\"` and `\\`. */
export function scanString(scanner: Scanner): boolean {
  const { bytes } = scanner;
  let at = scanner.at;
  if (bytes[at++] !== QUOTE) return false;
  scanner.from = at;
  scanner.escapes = 0;
  for (;;) {
    // NaN after the last byte: every comparison below is false.
    const code = bytes[at] ?? Number.NaN;
    at++;
    if (code > QUOTE && code !== BACKSLASH) continue;
    if (code === QUOTE) break;
    if (code === BACKSLASH) {
      const escaped = bytes[at++];
      if (escaped !== SLASH && escaped !== QUOTE && escaped !== BACKSLASH) return false;
      scanner.escapes++;
    } else if (!(code >= FIRST_PRINTABLE)) return false;
  }
  scanner.to = at - 1;
  scanner.at = at;
  return true;
}

/** Scans a non-negative integer; false for one with more digits than JSON.parse keeps. */
export function scanInteger(scanner: Scanner): boolean {
  const { bytes } = scanner;
  let at = scanner.at;
  for (let code = bytes[at]; code !== undefined && code >= ZERO && code <= NINE; ) code = bytes[++at];
  const digits = at - scanner.at;
  if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[scanner.at] === ZERO)) return false;
  scanner.from = scanner.at;
  scanner.to = at;
  scanner.at = at;
  scanner.escapes = 0;
  return true;
}

const DOT = 0x2e;

/** Reports whether bytes are an IPv4 address: four numbers up to 255, without leading zeros. */
export function isIPv4({ bytes, from, to }: ByteRange): boolean {
  let numbers = 1;
  let number = Number.NaN;
  for (let at = from; at < to; at++) {
    const code = bytes[at] as number;
    if (code === DOT) {
      if (!(number <= 255)) return false;
      numbers++;
      number = Number.NaN;
    } else {
      if (code < ZERO || code > NINE || number === 0) return false;
      number = (number || 0) * 10 + code - ZERO;
    }
  }
  return numbers === 4 && number <= 255;
}

/** Scans exactly these bytes. */
export function scanLiteral(scanner: Scanner, literal: Uint8Array): boolean {
  if (!startsWith(scanner.bytes, literal, scanner.at)) return false;
  scanner.at += literal.length;
  return true;
}

/** Scans one character. */
export function scanCharacter(scanner: Scanner, code: number): boolean {
  if (scanner.bytes[scanner.at] !== code) return false;
  scanner.at++;
  return true;
}

/** Reports whether the bytes from `at` on begin with `prefix`. */
export function startsWith(bytes: Uint8Array, prefix: Uint8Array, at: number): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[at + index] !== prefix[index]) return false;
  return true;
}
