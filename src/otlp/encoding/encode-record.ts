import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RecordEncoding } from "../../encoding.ts";
import type { EncodedRecord } from "../../model.ts";
import type { ExportOutcome } from "../export/classify-response.ts";
import type { Send } from "../export/exporter.ts";

/** Encodes a record that does not come from a page of Slack's, such as a dead letter. Throws where it has no valid time. */
export function encodeRecord(record: ReadableLogRecord, encoding: RecordEncoding): EncodedRecord {
  const { resource, instrumentationScope } = record;
  const bytes = Buffer.from(encoding.encodeRecord(record));
  const page = { resource, instrumentationScope, decode: () => record };
  return { bytes, from: 0, to: bytes.length, body: undefined, size: bytes.length, page };
}

/** Encodes records and sends them in one request. Never rejects: records that cannot be encoded are refused. */
export async function encodeAndSend(
  records: readonly ReadableLogRecord[],
  { send, encoding }: { send: Send; encoding: RecordEncoding },
): Promise<ExportOutcome> {
  try {
    return await send(records.map((record) => encodeRecord(record, encoding)));
  } catch (error) {
    const why = `Cannot encode the records: ${error instanceof Error ? error.message : "unknown error"}`;
    return { status: "refused", refusal: { kind: "records", why } };
  }
}
