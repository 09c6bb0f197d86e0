import type { LogRecord, Output, Stretch } from "../../model.ts";
import { type Entry, parseEntry } from "./entry.ts";
import { createLazyRecord } from "./lazy-record.ts";
import { textOf } from "./page.ts";
import { createToRecord, hasMappingError, type Mapping, type PageContext, type ToRecord, toHrTime } from "./record.ts";
import { createTranscode } from "./transcode/transcode.ts";

/** What the window walk needs to know of an entry, and its record. */
export interface EntryRead extends Pick<Entry, "id" | "action" | "date"> {
  readonly record: LogRecord;
  /** The record holds less than the entry said. */
  readonly isMisunderstood: boolean;
}

/** Reads one entry of a page; throws a `SyntaxError` where it is not JSON, for then the page is not. */
export type ReadEntry = (entry: Stretch) => EntryRead;

/** Opens a page to read its entries. The bytes of the records of the page before it are written over. */
export type OpenPage = (context: PageContext) => ReadEntry;

const FIRST_BYTES = 4 * 1_024;
/** A page of 9,999 entries is a third of it; more is rather made again than kept. */
const MOST_BYTES_KEPT = 32 * 1_024 * 1_024;

/**
 * Makes the way from a page to its records: the short one where an entry is as nearly all are, and parsing and mapping where
 * it is not. Where there is an encoding a record is encoded at once, and what was parsed for it forgotten.
 */
export function createReader(mapping: Mapping): OpenPage {
  const { encoding } = mapping;
  const toRecord = createToRecord(mapping);
  if (encoding) return createEncodingReader({ ...mapping, encoding, toRecord });
  return (context) => (stretch) => {
    const entry = parseEntry(textOf(stretch));
    const record = toRecord(entry, context);
    return { ...entry, record, isMisunderstood: hasMappingError(record) };
  };
}

function createEncodingReader(options: Required<Mapping> & { toRecord: ToRecord }): OpenPage {
  const { encoding, body, scope: instrumentationScope, toRecord } = options;
  const transcode = body === "map" ? () => undefined : createTranscode(options);
  let output = createOutput();
  return (context) => {
    if (output.bytes.length > MOST_BYTES_KEPT) output = createOutput();
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
      if (heading) return { ...heading, record: endRecord(entry, from, body === "json"), isMisunderstood: false };
      output.length = from;
      const { id, action, date, ...parsed } = parseEntry(textOf(entry));
      const record = toRecord({ id, action, date, ...parsed }, context);
      const hasText = record.body === parsed.text;
      encoding.putPiece(output, encoding.record(hasText ? withoutBody(record) : record));
      return { id, action, date, record: endRecord(entry, from, hasText), isMisunderstood: hasMappingError(record) };
    };

    function endRecord(entry: Stretch, from: number, hasText: boolean): LogRecord {
      const encoded = { bytes: output.bytes, from, to: output.length, body: hasText ? entry : undefined };
      return createLazyRecord({ encoded, entry, page });
    }
  };
}

function createOutput(): Output {
  return { bytes: Buffer.allocUnsafeSlow(FIRST_BYTES), length: 0 };
}

function withoutBody({ body: _, ...record }: LogRecord): LogRecord {
  return record;
}
