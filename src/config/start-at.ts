import type { StartAt } from "./config.ts";
import { parseDuration } from "./duration.ts";

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Where to begin: `now`, a time as RFC 3339, or a duration back; undefined where the text is none of them. */
export function parseStartAt(text: string): StartAt | undefined {
  if (text === "now") return { secondsBack: 0 };
  const backMs = parseDuration(text);
  if (backMs !== undefined) return { secondsBack: Math.ceil(backMs / 1_000) };
  const ms = RFC3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  return Number.isNaN(ms) ? undefined : { at: Math.floor(ms / 1_000) };
}
