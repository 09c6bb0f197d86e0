import type { LogRecord } from "../model.ts";

/** The largest request. */
export interface BatchLimits {
  readonly maxRecords: number;
  /** Of the uncompressed request. Sizes are estimated here; what comes out larger is split later. */
  readonly maxBytes: number;
}

/** The tags and the lengths of a record and its body. */
const FRAME_BYTES = 20;

/** Resource and scope. */
const ENVELOPE_BYTES = 16 * 1_024;

/** What a request with these records takes: what is encoded takes no more. */
export function estimateRequestBytes(records: readonly LogRecord[]): number {
  return records.reduce((bytes, record) => bytes + estimateBytes(record), ENVELOPE_BYTES);
}

/** Cuts a page into requests, keeping the order. */
export function splitIntoBatches(records: readonly LogRecord[], limits: BatchLimits): LogRecord[][] {
  const batches: LogRecord[][] = [];
  let batch: LogRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = estimateBytes(record);
    if (batch.length > 0 && (batch.length >= limits.maxRecords || bytes + size > limits.maxBytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/**
 * What is not encoded yet is estimated: an entry's values stand in its body and again, under longer names, in its attributes,
 * together about thrice its text.
 */
function estimateBytes(record: LogRecord): number {
  if (record.encoded) return record.encoded.size + FRAME_BYTES;
  const { body } = record;
  return 500 + (typeof body === "string" ? body.length * 3 : 1_500);
}
