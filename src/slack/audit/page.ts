import type { Outcome } from "../../model.ts";
import { cutEntries } from "./cut.ts";
import { type Entry, isObject, parseEntry } from "./entry.ts";

/** A page of `GET /audit/v1/logs`: the text of each entry, newest first as Slack sends them. */
export interface EntriesPage {
  readonly texts: readonly string[];
  /** Absent on the last page of a window. */
  readonly nextCursor?: string;
}

/**
 * Reads a page, all but the entries. Only a complete page of JSON with a list of entries is one: half a page, a login page or
 * `ok: false` must never pass for "no news".
 */
export function parsePage(body: Buffer): Outcome<EntriesPage> {
  const cut = cutEntries(body.toString("utf8"));
  const envelope = cut && unlessMalformed(() => JSON.parse(cut.envelope));
  if (!cut || !isObject(envelope)) return { status: "retry", why: "Slack's answer is not a complete JSON object" };
  if (envelope.ok === false) return { status: "retry", why: "Slack's answer says ok: false" };
  if (!cut.found || "entries" in envelope) {
    return { status: "retry", why: "Slack's answer does not have one list of entries" };
  }
  const nextCursor = cursorOf(envelope.response_metadata);
  // To take it for the end would be to lose what it points at.
  if (typeof nextCursor !== "string") return { status: "retry", why: "Slack's answer has a cursor that is no text" };
  return { status: "ok", value: { texts: cut.texts, ...(nextCursor && { nextCursor }) } };
}

/** Reads entries; undefined where one of them is not JSON, for then the page was not. */
export function parseEntries(texts: readonly string[]): Entry[] | undefined {
  return unlessMalformed(() => texts.map(parseEntry));
}

/** An empty, null or absent `next_cursor` all mean the end (docs.slack.dev/apis/web-api/pagination). */
function cursorOf(metadata: unknown): unknown {
  return (isObject(metadata) ? metadata.next_cursor : undefined) ?? "";
}

function unlessMalformed<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
