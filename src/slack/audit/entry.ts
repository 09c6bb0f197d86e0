import { createHash } from "node:crypto";
import type { Seconds } from "../../model.ts";

/** One audit entry: Slack's text, what it parses to, and the members that the window walk needs. */
export interface Entry {
  readonly text: string;
  /** Whatever JSON Slack sent; hostile until looked at. */
  readonly value: unknown;
  /** Slack's id; where there is none, one made from the text, so that the same text always has the same. */
  readonly id: string;
  readonly action: string | undefined;
  /** `date_create`; undefined where it is no time at which Slack can have written an entry. */
  readonly date: Seconds | undefined;
}

/** Reads an entry's text; throws a `SyntaxError` where it is not JSON, for then the page is not. */
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

/** Whether a parsed value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number of sixteen digits, or with an exponent: no other can be one that a double does not hold. */
const MAY_LOSE_DIGITS = /[:[,\s]-?(?:\d{16}|\d[\d.]*[eE])/;

/** Like JSON.parse, but integers beyond 2^53 and numbers beyond a double's range come as their digits, in a string. */
function parseExactly(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, keepDigits);
  } catch (error) {
    // Too deep for a reviver, which is recursive: the page must not stand still for a number that is in the text anyway.
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

/** There are no audit logs from before March 2018 (docs.slack.dev/reference/audit-logs-api/methods-actions-reference). */
export const EARLIEST_DATE: Seconds = 1_519_862_400;
/** In the year 2286: what is larger has another unit than seconds. */
const LATEST_SECONDS: Seconds = 9_999_999_999;

/** A number, or its digits, as whole seconds since 1970; undefined where it can be none. */
export function toSeconds(value: unknown): Seconds | undefined {
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  const isTime = typeof number === "number" && number >= 1 && number <= LATEST_SECONDS;
  return isTime ? Math.floor(number) : undefined;
}

/** A time at which Slack can have written an entry; undefined for any other. */
export function toDate(value: unknown): Seconds | undefined {
  const seconds = toSeconds(value);
  return seconds !== undefined && seconds >= EARLIEST_DATE ? seconds : undefined;
}
