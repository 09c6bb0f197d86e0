import { isUtf8 } from "node:buffer";
import type { Outcome, Stretch } from "../../model.ts";
import { cutEntries } from "./cut.ts";
import { type Entry, isObject, parseEntry } from "./entry.ts";

/** A page of `GET /audit/v1/logs`: where each entry stands in it, newest first as Slack sends them. */
export interface EntriesPage {
  /** UTF-8 throughout. */
  readonly bytes: Buffer;
  readonly entries: readonly Stretch[];
  /** Absent on the last page of a window. */
  readonly nextCursor?: string;
}

/**
 * Reads a page, all but the entries. Only a complete page of JSON with a list of entries is one: half a page, a login page or
 * `ok: false` must never pass for "no news".
 */
export function parsePage(body: Buffer): Outcome<EntriesPage> {
  const bytes = isUtf8(body) ? body : Buffer.from(body.toString("utf8"));
  const cut = cutEntries(bytes);
  const envelope = cut && unlessMalformed(() => JSON.parse(cut.envelope));
  if (!cut || !isObject(envelope)) return { status: "retry", why: "Slack's answer is not a complete JSON object" };
  if (envelope.ok === false) return { status: "retry", why: "Slack's answer says ok: false" };
  if (!cut.found || "entries" in envelope) {
    return { status: "retry", why: "Slack's answer does not have one list of entries" };
  }
  const nextCursor = cursorOf(envelope.response_metadata);
  // To take it for the end would be to lose what it points at.
  if (typeof nextCursor !== "string") return { status: "retry", why: "Slack's answer has a cursor that is no text" };
  return { status: "ok", value: { bytes, entries: cut.entries, ...(nextCursor && { nextCursor }) } };
}

/** The text of an entry, as it stands in its page. */
export function textOf({ bytes, from, to }: Stretch): string {
  return bytes.toString("utf8", from, to);
}

/** Reads one entry of a page; undefined where there is none, or one that is not JSON. */
export function parseIfJson(entry: Stretch | undefined): Entry | undefined {
  return entry && unlessMalformed(() => parseEntry(textOf(entry)));
}

/** An empty, null or absent `next_cursor` all mean the end (docs.slack.dev/apis/web-api/pagination). */
function cursorOf(metadata: unknown): unknown {
  return (isObject(metadata) ? metadata.next_cursor : undefined) ?? "";
}

/** What comes of parsing; undefined where it fails. */
export function unlessMalformed<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
