import type { EncodedRecord } from "../../model.ts";

/** The limits of one request. */
export interface BatchLimits {
  readonly maxRecords: number;
  /** Uncompressed. The sizes of records are estimates: a request that comes out larger is split later. */
  readonly maxBytes: number;
}

/** The most that the tags and lengths of a record and its body take. */
const FRAME_BYTES = 20;

/** The most that resource and scope usually take. */
const ENVELOPE_BYTES = 16 * 1_024;

/** Estimates the size of a request with these records; most requests are smaller. */
export function estimateRequestBytes(records: readonly EncodedRecord[]): number {
  return records.reduce((bytes, { size }) => bytes + size + FRAME_BYTES, ENVELOPE_BYTES);
}

/** Splits the records of a page into requests, in order. */
export function splitIntoBatches(records: readonly EncodedRecord[], limits: BatchLimits): EncodedRecord[][] {
  const batches: EncodedRecord[][] = [];
  let batch: EncodedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.size + FRAME_BYTES;
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
