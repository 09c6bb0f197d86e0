import type { ByteRange, EncodedRecord } from "../../model.ts";
import type { Entry } from "./entry.ts";

/**
 * An entry of a page: its record, and what the window walk needs to know of the entry. One object per entry: at 10,000
 * entries a page a second one shows in GC time.
 */
export interface DecodedEntry extends EncodedRecord, Pick<Entry, "action" | "date"> {
  /** Identifies the entry among those already delivered. */
  readonly key: string;
  /** The entry's text in its page. */
  readonly entry: ByteRange;
  /** The record has `slack.audit.mapping_error`. */
  readonly hasMappingError: boolean;
}
