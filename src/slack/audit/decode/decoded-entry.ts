import type { ByteRange, EncodedRecord } from "../../../model.ts";
import type { Entry } from "../entry.ts";

/**
 * An entry of a page: its record, and what the window walk needs to know of the entry. They are one object: at 10,000 entries
 * a page a second one shows in GC time.
 */
export interface DecodedEntry extends EncodedRecord, Pick<Entry, "action" | "date"> {
  /** Identifies the entry among those already delivered. */
  readonly key: string;
  /** The entry's text in its page. */
  readonly entry: ByteRange;
  /** The record has `slack.audit.mapping_error`. */
  readonly hasMappingError: boolean;
}

/**
 * Makes a decoded entry. Object.create, because V8 learns to allocate a literal that survives its first collections in the old
 * generation: the entries of delivered pages would then stay until a full collection, at half as much heap again.
 */
export function createDecodedEntry(parts: DecodedEntry): DecodedEntry {
  const entry: { -readonly [Name in keyof DecodedEntry]: DecodedEntry[Name] } = Object.create(Object.prototype);
  entry.key = parts.key;
  entry.action = parts.action;
  entry.date = parts.date;
  entry.hasMappingError = parts.hasMappingError;
  entry.bytes = parts.bytes;
  entry.from = parts.from;
  entry.to = parts.to;
  entry.body = parts.body;
  entry.size = parts.size;
  entry.entry = parts.entry;
  entry.page = parts.page;
  return entry;
}
