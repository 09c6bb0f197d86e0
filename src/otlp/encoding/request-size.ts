import type { EncodedRecord } from "../../model.ts";

/** The most that the tags and lengths around one record and its body take. */
const FRAME_BYTES = 20;

/** The most that the resource and the scope usually take. */
const ENVELOPE_BYTES = 16 * 1_024;

/** Estimates how much a record adds to a request, uncompressed. */
export function estimateRecordBytes({ size }: EncodedRecord): number {
  return size + FRAME_BYTES;
}

/** Estimates the size of a request with these records, uncompressed. Most requests are smaller. */
export function estimateRequestBytes(records: readonly EncodedRecord[]): number {
  return records.reduce((bytes, record) => bytes + estimateRecordBytes(record), ENVELOPE_BYTES);
}
