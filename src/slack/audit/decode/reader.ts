import { isUtf8 } from "node:buffer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { GrowableBuffer, RecordEncoding } from "../../../encoding.ts";
import type { ByteRange, RecordPage } from "../../../model.ts";
import type { BufferPool } from "../../../runtime/buffer-pool.ts";
import { type Entry, parseEntry } from "../entry.ts";
import { createToRecord, hasMappingError, type Mapping, type PageContext, toHrTime } from "../mapping/record.ts";
import { createDecodedEntry, type DecodedEntry } from "./decoded-entry.ts";
import { toEntryKey } from "./entry-key.ts";
import { endOfValue } from "./json-bytes.ts";
import type { PageReader } from "./page.ts";
import { createTranscoder } from "./transcode/transcode.ts";

/** Opens a page that Slack sent. */
export type OpenPage = (body: Buffer, context: PageContext) => PageReader;

/** How a reader encodes records, and where it takes the buffers for them from. */
export interface ReaderOptions {
  readonly encoding: RecordEncoding;
  readonly pool: BufferPool;
}

/** Bytes of encoded records, without their bodies, per byte of a page. A page that takes more raises it. */
const INITIAL_GROWTH = 1.5;

/**
 * Makes the function that opens a page. Each entry is encoded when it is read, into a buffer of the pool: transcoded where
 * that is possible, as it nearly always is, and else parsed and mapped.
 */
export function createReader(mapping: Mapping, { encoding, pool }: ReaderOptions): OpenPage {
  const { body: bodyMode, scope: instrumentationScope } = mapping;
  const toRecord = createToRecord(mapping);
  const transcode = bodyMode === "map" ? () => undefined : createTranscoder(mapping, encoding);
  let growth = INITIAL_GROWTH;

  return (body, context) => {
    const bytes = isUtf8(body) ? body : Buffer.from(body.toString("utf8"));
    const buffer: GrowableBuffer = { bytes: pool.take(bytes.length * growth), length: 0 };
    const output = { buffer, tail: encoding.encodeTail({ hrTimeObserved: toHrTime(context.arrivedAtMs) }) };
    const page: RecordPage = {
      resource: context.resource,
      instrumentationScope,
      decode({ entry }: DecodedEntry) {
        return toRecord(parse(entry), context);
      },
    };

    return {
      bytes,
      readEntry(from) {
        const start = buffer.length;
        const transcoded = transcode({ bytes, from }, output);
        if (transcoded) {
          const { id, action, date, to } = transcoded;
          const entry = { bytes, from, to };
          return endRecord(start, {
            key: toEntryKey(id),
            action,
            date,
            entry,
            body: bodyMode === "json" ? entry : undefined,
            hasMappingError: false,
          });
        }
        buffer.length = start;
        const entry = { bytes, from, to: endOfValue(bytes, from) };
        const parsed = parse(entry);
        const record = toRecord(parsed, context);
        const isBodyText = record.body === parsed.text;
        encoding.writeBytes(buffer, encoding.encodeRecord(isBodyText ? withoutBody(record) : record));
        return endRecord(start, {
          key: keyOf(parsed),
          action: parsed.action,
          date: parsed.date,
          entry,
          body: isBodyText ? entry : undefined,
          hasMappingError: hasMappingError(record),
        });
      },
      release() {
        pool.release(buffer.bytes);
        growth = Math.max(growth, buffer.length / Math.max(bytes.length, 1));
      },
    };

    /** Creates the entry whose record begins at `from` in the buffer. */
    function endRecord(from: number, { key, action, date, entry, body, hasMappingError }: EntryParts): DecodedEntry {
      const { bytes, length: to } = buffer;
      const size = to - from + (body ? Math.ceil((body.to - body.from) * encoding.bodyGrowth) : 0);
      return createDecodedEntry({ key, action, date, hasMappingError, bytes, from, to, body, size, entry, page });
    }
  };
}

type EntryParts = Pick<DecodedEntry, "key" | "action" | "date" | "entry" | "body" | "hasMappingError">;

function parse({ bytes, from, to }: ByteRange): Entry {
  return parseEntry(bytes.toString("utf8", from, to));
}

function keyOf({ id }: Entry): string {
  const bytes = Buffer.from(id);
  return toEntryKey({ bytes, from: 0, to: bytes.length });
}

function withoutBody({ body: _, ...record }: ReadableLogRecord): ReadableLogRecord {
  return record;
}
