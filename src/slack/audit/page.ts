import type { Outcome } from "../../model.ts";
import { cutEntries } from "./cut.ts";
import { type Entry, isObject, parseEntry } from "./entry.ts";

/** A page of `GET /audit/v1/logs`, newest entry first as Slack sends them. */
export interface EntriesPage {
  readonly entries: readonly Entry[];
  /** Absent on the last page of a window. */
  readonly nextCursor?: string;
}

/**
 * Reads a page. Only a complete page of valid JSON with a list of entries is one: half a page, a login page or `ok: false`
 * must never pass for "no news".
 */
export function parsePage(body: Buffer): Outcome<EntriesPage> {
  const cut = cutEntries(body.toString("utf8"));
  const envelope = cut && unlessMalformed(() => JSON.parse(cut.envelope));
  const entries = cut && unlessMalformed(() => cut.texts.map(parseEntry));
  if (!entries || !isObject(envelope)) return { status: "retry", why: "Slack's answer is not a complete JSON object" };
  if (envelope.ok === false) return { status: "retry", why: "Slack's answer says ok: false" };
  if (!cut.found || "entries" in envelope) {
    return { status: "retry", why: "Slack's answer does not have one list of entries" };
  }
  const nextCursor = cursorOf(envelope.response_metadata);
  // To take it for the end would be to lose what it points at.
  if (typeof nextCursor !== "string") return { status: "retry", why: "Slack's answer has a cursor that is no text" };
  return { status: "ok", value: { entries, ...(nextCursor && { nextCursor }) } };
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
