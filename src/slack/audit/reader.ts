import type { LogRecord, Output, Stretch } from "../../model.ts";
import { type Entry, parseEntry } from "./entry.ts";
import { createLazyRecord, type EntryRead } from "./lazy-record.ts";
import { type EntriesPage, textOf } from "./page.ts";
import { createToRecord, hasMappingError, type Mapping, type PageContext, toHrTime } from "./record.ts";
import { createTranscode } from "./transcode/transcode.ts";

/** Reads one entry of a page; throws a `SyntaxError` where it is not JSON, for then the page is not. */
export type ReadEntry = (entry: Stretch) => EntryRead;

/** Opens a page to read its entries. The bytes of the records of the page before it are written over. */
export type OpenPage = (page: EntriesPage, context: PageContext) => ReadEntry;

/** What a page's records take at least, without their bodies, for each byte of the page. */
const GROWTH = 1.5;
/** A page of 9,999 entries is a half of it; more is rather made again than kept. */
const MOST_BYTES_KEPT = 40 * 1_024 * 1_024;

/**
 * Makes the way from a page to its records: the short one where an entry is as nearly all are, and parsing and mapping where
 * it is not. A record is encoded at once, and what was parsed for it forgotten.
 */
export function createReader(mapping: Required<Mapping>): OpenPage {
  const { encoding, body, scope: instrumentationScope } = mapping;
  const toRecord = createToRecord(mapping);
  const transcode = body === "map" ? () => undefined : createTranscode(mapping);
  let output: Output = { bytes: Buffer.alloc(0), length: 0 };
  return ({ bytes }, context) => {
    const room = Math.ceil(bytes.length * GROWTH);
    if (output.bytes.length < room || output.bytes.length > MOST_BYTES_KEPT) {
      output = { bytes: Buffer.allocUnsafeSlow(room), length: 0 };
    }
    output.length = 0;
    const tail = encoding.tail({ hrTimeObserved: toHrTime(context.arrivedAtMs) });
    const target = { output, tail };
    const page = {
      ...context,
      instrumentationScope,
      read: (entry: Stretch) => toRecord(parseEntry(textOf(entry)), context),
    };

    return (entry) => {
      const from = output.length;
      const heading = transcode(entry, target);
      if (heading) return end(entry, from, { heading, hasText: body === "json", isMisunderstood: false });
      output.length = from;
      const parsed = parseEntry(textOf(entry));
      const record = toRecord(parsed, context);
      const hasText = record.body === parsed.text;
      encoding.putPiece(output, encoding.record(hasText ? withoutBody(record) : record));
      return end(entry, from, { heading: parsed, hasText, isMisunderstood: hasMappingError(record) });
    };

    function end(entry: Stretch, from: number, { heading, hasText, isMisunderstood }: Ending): EntryRead {
      const { id, action, date } = heading;
      const to = output.length;
      const text = hasText ? entry : undefined;
      const size = to - from + (hasText ? Math.ceil((entry.to - entry.from) * encoding.bodyGrowth) : 0);
      return createLazyRecord({
        id,
        action,
        date,
        isMisunderstood,
        bytes: output.bytes,
        from,
        to,
        text,
        size,
        entry,
        page,
      });
    }
  };
}

interface Ending {
  readonly heading: Pick<Entry, "id" | "action" | "date">;
  readonly hasText: boolean;
  readonly isMisunderstood: boolean;
}

function withoutBody({ body: _, ...record }: LogRecord): LogRecord {
  return record;
}
