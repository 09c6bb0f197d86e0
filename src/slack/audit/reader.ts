import { isUtf8 } from "node:buffer";
import type { LogRecord, Output, Stretch } from "../../model.ts";
import type { BufferPool } from "../../runtime/buffer-pool.ts";
import { type Entry, parseEntry } from "./entry.ts";
import { toEntryKey } from "./entry-key.ts";
import { endOfValue } from "./json-bytes.ts";
import { createLazyRecord, type EntryRead } from "./lazy-record.ts";
import type { UnreadPage } from "./page.ts";
import { createToRecord, hasMappingError, type Mapping, type PageContext, toHrTime } from "./record.ts";
import { createTranscode } from "./transcode/transcode.ts";

/** A page that is being read, or whose records are being delivered. */
export interface OpenedPage extends UnreadPage {
  /** Says that its records are not needed any more: those of another page may be written over them. */
  close(): void;
}

/** Opens a page that Slack sent. */
export type OpenPage = (body: Buffer, context: PageContext) => OpenedPage;

/** What a page's records take, without their bodies, for each byte of the page; where it is more, that is known after the first. */
const GROWTH = 1.5;

/**
 * Makes the way from a page to its records: the short one where an entry is as nearly all are, and parsing and mapping where
 * it is not. A record is encoded at once, into a buffer of the pool, and what was parsed for it forgotten.
 */
export function createReader(mapping: Required<Mapping>, pool: BufferPool): OpenPage {
  const { encoding, body: bodyMode, scope: instrumentationScope } = mapping;
  const toRecord = createToRecord(mapping);
  const transcode = bodyMode === "map" ? () => undefined : createTranscode(mapping);
  let growth = GROWTH;

  return (body, context) => {
    const bytes = isUtf8(body) ? body : Buffer.from(body.toString("utf8"));
    const output: Output = { bytes: pool.take(bytes.length * growth), length: 0 };
    const target = { output, tail: encoding.tail({ hrTimeObserved: toHrTime(context.arrivedAtMs) }) };
    const page = {
      ...context,
      instrumentationScope,
      read: (entry: Stretch) => toRecord(parse(entry), context),
    };

    return {
      bytes,
      read(from) {
        const start = output.length;
        const heading = transcode({ bytes, from }, target);
        if (heading) {
          const { id, action, date, to } = heading;
          const known = { key: toEntryKey(id), action, date, isMisunderstood: false };
          return finish(start, { ...known, entry: { bytes, from, to }, hasText: bodyMode === "json" });
        }
        output.length = start;
        const entry = { bytes, from, to: endOfValue(bytes, from) };
        const parsed = parse(entry);
        const { action, date } = parsed;
        const record = toRecord(parsed, context);
        const hasText = record.body === parsed.text;
        encoding.putPiece(output, encoding.record(hasText ? withoutBody(record) : record));
        const known = { key: keyOf(parsed), action, date, isMisunderstood: hasMappingError(record) };
        return finish(start, { ...known, entry, hasText });
      },
      close() {
        pool.giveBack(output.bytes);
        growth = Math.max(growth, output.length / Math.max(bytes.length, 1));
      },
    };

    function finish(from: number, { key, action, date, isMisunderstood, entry, hasText }: Written): EntryRead {
      const { bytes, length: to } = output;
      const text = hasText ? entry : undefined;
      const size = to - from + (hasText ? Math.ceil((entry.to - entry.from) * encoding.bodyGrowth) : 0);
      return createLazyRecord({ key, action, date, isMisunderstood, bytes, from, to, text, size, entry, page });
    }
  };
}

/** What is known of an entry whose record is written. */
interface Written extends Omit<EntryRead, "record"> {
  /** Its text is the record's body. */
  readonly hasText: boolean;
}

function parse({ bytes, from, to }: Stretch): Entry {
  return parseEntry(bytes.toString("utf8", from, to));
}

function keyOf({ id }: Entry): string {
  const bytes = Buffer.from(id);
  return toEntryKey({ bytes, from: 0, to: bytes.length });
}

function withoutBody({ body: _, ...record }: LogRecord): LogRecord {
  return record;
}
