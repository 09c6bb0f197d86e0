import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RecordEncoding } from "../../encoding.ts";
import type { EncodedRecord } from "../../model.ts";

/** Encodes a record that is not in a page from Slack, such as a dead letter. Throws if it has no valid time. */
export function encodeRecord(record: ReadableLogRecord, encoding: RecordEncoding): EncodedRecord {
  const { resource, instrumentationScope } = record;
  const bytes = Buffer.from(encoding.encodeRecord(record));
  const page = { resource, instrumentationScope, decode: () => record };
  return { bytes, from: 0, to: bytes.length, body: undefined, size: bytes.length, page };
}
