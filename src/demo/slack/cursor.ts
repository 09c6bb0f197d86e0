import type { Seconds } from "../../model.ts";

/**
 * A cursor as Slack makes them: opaque base64 that holds the second to go on from and nothing else. Above all it does not
 * hold `oldest`, so a walk that stops sending it goes on to the beginning of history.
 */
export function toCursor(to: Seconds): string {
  const text = `until:${to}`;
  // Cursors usually end in "=", which a client must not forget to encode.
  return Buffer.from(text.length % 3 === 0 ? `${text} ` : text).toString("base64");
}

/** The second that a cursor of ours holds; undefined for anything else. */
export function readCursor(cursor: string): Seconds | undefined {
  const second = /^until:(\d+) ?$/.exec(Buffer.from(cursor, "base64").toString())?.[1];
  return second !== undefined && toCursor(Number(second)) === cursor ? Number(second) : undefined;
}
