import type { Span, Stretch } from "../../../model.ts";
import { BACKSLASH, NINE, QUOTE, SLASH, ZERO } from "../json-bytes.ts";

/** Where a scan stands in a text of JSON, and the value that it passed last. */
export interface Scan extends Span {
  bytes: Buffer;
  at: number;
  from: number;
  to: number;
  escapes: number;
}

const FIRST_PRINTABLE = 0x20;

/** A double, and so JSON.parse, keeps any integer of so many digits. */
const MOST_DIGITS = 15;

/** Passes a string; false where none stands here, or one that has escapes of more than one character behind the backslash. */
export function passString(scan: Scan): boolean {
  const { bytes } = scan;
  let at = scan.at;
  if (bytes[at++] !== QUOTE) return false;
  scan.from = at;
  scan.escapes = 0;
  for (;;) {
    // NaN behind the end, which is like nothing below.
    const code = bytes[at] ?? Number.NaN;
    at++;
    if (code > QUOTE && code !== BACKSLASH) continue;
    if (code === QUOTE) break;
    if (code === BACKSLASH) {
      const escaped = bytes[at++];
      if (escaped !== SLASH && escaped !== QUOTE && escaped !== BACKSLASH) return false;
      scan.escapes++;
    } else if (!(code >= FIRST_PRINTABLE)) return false;
  }
  scan.to = at - 1;
  scan.at = at;
  return true;
}

/** Passes an integer from 0; false where none stands here, or one whose digits JSON.parse might not keep. */
export function passInteger(scan: Scan): boolean {
  const { bytes } = scan;
  let at = scan.at;
  for (let code = bytes[at]; code !== undefined && code >= ZERO && code <= NINE; ) code = bytes[++at];
  const digits = at - scan.at;
  if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[scan.at] === ZERO)) return false;
  scan.from = scan.at;
  scan.to = at;
  scan.at = at;
  scan.escapes = 0;
  return true;
}

const DOT = 0x2e;

/** Whether the value that was passed last is an IPv4 address: four numbers up to 255, with no zero before another digit. */
export function isIPv4({ bytes, from, to }: Stretch): boolean {
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

/** Passes one of the words `true`, `false` and `null`; false where another thing stands here. */
export function passWord(scan: Scan, word: Uint8Array): boolean {
  if (!startsWith(scan.bytes, word, scan.at)) return false;
  scan.at += word.length;
  return true;
}

/** Passes one character; false where it is another one. */
export function passCharacter(scan: Scan, code: number): boolean {
  if (scan.bytes[scan.at] !== code) return false;
  scan.at++;
  return true;
}

/** Whether these bytes stand there. */
export function startsWith(bytes: Uint8Array, wanted: Uint8Array, at: number): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
