import type { Seconds } from "../../model.ts";

/**
 * A cursor like Slack's: opaque base64. It contains the second at which the next page begins, and nothing else. It does not contain
 * `oldest`: a client that sends a cursor without `oldest` reads back to the first entry.
 */
export function toCursor(to: Seconds): string {
  const text = `until:${to}`;
  // The padding makes cursors end in "=", which a client must percent-encode.
  return Buffer.from(text.length % 3 === 0 ? `${text} ` : text).toString("base64");
}

/** The second that a cursor contains; undefined if `toCursor` did not make it. */
export function readCursor(cursor: string): Seconds | undefined {
  const second = /^until:(\d+) ?$/.exec(Buffer.from(cursor, "base64").toString())?.[1];
  return second !== undefined && toCursor(Number(second)) === cursor ? Number(second) : undefined;
}
