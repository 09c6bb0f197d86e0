import { createHash } from "node:crypto";
import type { ByteRange } from "../../../model.ts";

const SHORT_ASCII = /^[!-~]{1,64}$/;

/**
 * Shortens an entry's id to the key that the position stores. A UUID takes 22 characters; any other id keeps its text after a
 * `=`, and a long or unusual id becomes a hash after a `#`.
 */
export function toEntryKey(id: ByteRange): string {
  if (readUuid(id)) return uuid.toString("base64url");
  const text = id.bytes.toString("utf8", id.from, id.to);
  if (SHORT_ASCII.test(text)) return `=${text}`;
  return `#${createHash("sha256").update(text).digest("base64url")}`;
}

/** The UUID that `readUuid` read last. */
const uuid = Buffer.alloc(16);
const UUID_LENGTH = 36;
const DASH = 0x2d;

/** Reads a UUID in lower case into `uuid`; false for any other id. Buffer.from takes six times as long. */
function readUuid({ bytes, from, to }: ByteRange): boolean {
  if (to - from !== UUID_LENGTH) return false;
  let byte = 0;
  for (let at = 0; at < UUID_LENGTH; at += 2) {
    const isDashed = at === 8 || at === 13 || at === 18 || at === 23;
    if (isDashed && bytes[from + at++] !== DASH) return false;
    const value = (hexDigit(bytes[from + at]) << 4) | hexDigit(bytes[from + at + 1]);
    if (value < 0) return false;
    uuid[byte++] = value;
  }
  return true;
}

/** The value of a hexadecimal digit; negative for any other character. */
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}
