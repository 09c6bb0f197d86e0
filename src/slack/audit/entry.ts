import { createHash } from "node:crypto";
import type { Seconds } from "../../model.ts";
import { isObject } from "../../runtime/json.ts";

/** One audit entry, parsed. */
export interface Entry {
  /** Slack's text. */
  readonly text: string;
  /** Any JSON value: nothing but the syntax is checked. */
  readonly value: unknown;
  /** Slack's id. Without one it is a hash of the text, so that the same text has the same id. */
  readonly id: string;
  readonly action: string | undefined;
  /** `date_create`; undefined unless Slack can have written an entry at that time. */
  readonly date: Seconds | undefined;
}

/** Parses an entry's text; throws a `SyntaxError` where it is not JSON. */
export function parseEntry(text: string): Entry {
  const value = parseExactly(text);
  const { id, action, date_create } = isObject(value) ? value : {};
  return {
    text,
    value,
    id: typeof id === "string" && id !== "" ? id : `sha256:${createHash("sha256").update(text).digest("hex")}`,
    action: typeof action === "string" && action !== "" ? action : undefined,
    date: toDate(date_create),
  };
}

/** Matches numbers of 16 digits or with an exponent: a double holds all others. */
const MAY_LOSE_DIGITS = /[:[,\s]-?(?:\d{16}|\d[\d.]*[eE])/;

/** Parses JSON. Integers beyond 2^53 and numbers beyond a double's range become strings of their digits. */
function parseExactly(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, keepDigits);
  } catch (error) {
    // A reviver is recursive, and this is too deep for it. The digits are in the text anyway.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && context?.source !== undefined && losesDigits(value) ? context.source : value;
}

function losesDigits(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

/** March 2018, the first month with audit logs (docs.slack.dev/reference/audit-logs-api/methods-actions-reference). */
export const EARLIEST_DATE: Seconds = 1_519_862_400;
/** The year 2286: a larger number is not in seconds. */
const LATEST_SECONDS: Seconds = 9_999_999_999;

/** Reads a number, or a string of digits, as whole seconds since 1970; undefined for any other value. */
export function toSeconds(value: unknown): Seconds | undefined {
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  const isTime = typeof number === "number" && number >= 1 && number <= LATEST_SECONDS;
  return isTime ? Math.floor(number) : undefined;
}

/** Reads the time of an entry; undefined unless Slack can have written an entry at that time. */
export function toDate(value: unknown): Seconds | undefined {
  const seconds = toSeconds(value);
  return seconds !== undefined && seconds >= EARLIEST_DATE ? seconds : undefined;
}
