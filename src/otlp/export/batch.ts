import type { EncodedRecord } from "../../model.ts";
import { estimateRecordBytes } from "../encoding/request-size.ts";
import type { Doubt, ExportOutcome } from "./outcome.ts";

/** The limits of one request. */
export interface BatchLimits {
  readonly maxRecords: number;
  /** Uncompressed. Sizes are estimates: a request that comes out larger is split later. */
  readonly maxBytes: number;
}

/** Records that go out in one request, and how their earlier attempts ended. */
export interface Batch {
  readonly records: readonly EncodedRecord[];
  /** Attempts that ended in doubt. */
  readonly doubts: number;
  /** Attempts that ended in doubt or were refused. */
  readonly attempts: number;
  /** Those of the attempts in which the batch was one record. */
  readonly singleAttempts: number;
  /** Unreadable responses in a row. */
  readonly unreadableInARow: number;
  readonly lastDoubt?: { readonly doubt: Doubt; readonly why: string };
}

const NOT_ATTEMPTED = { doubts: 0, attempts: 0, singleAttempts: 0, unreadableInARow: 0 };

/** A second doubt splits a batch. The third copy is for the time after the collector has recovered. */
export const DOUBTS_THAT_SPLIT = 2;

/** Splits the records of a page into batches, in order. */
export function splitIntoBatches(records: readonly EncodedRecord[], limits: BatchLimits): Batch[] {
  const batches: Batch[] = [];
  let batch: EncodedRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = estimateRecordBytes(record);
    if (batch.length > 0 && (batch.length >= limits.maxRecords || bytes + size > limits.maxBytes)) {
      batches.push({ records: batch, ...NOT_ATTEMPTED });
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) batches.push({ records: batch, ...NOT_ATTEMPTED });
  return batches;
}

/** Splits a batch in two, the second half first. The halves inherit one doubt, so the next one splits them again. */
export function halve({ records, doubts }: Batch): [second: Batch, first: Batch] {
  const middle = Math.ceil(records.length / 2);
  const inherited = { ...NOT_ATTEMPTED, doubts: Math.min(doubts, DOUBTS_THAT_SPLIT - 1) };
  return [
    { ...inherited, records: records.slice(middle) },
    { ...inherited, records: records.slice(0, middle) },
  ];
}

/** Counts an attempt that was not acknowledged. */
export function afterAttempt(batch: Batch, outcome: ExportOutcome): Batch {
  const { doubt } = outcome;
  const attempts = batch.attempts + 1;
  const singleAttempts = batch.singleAttempts + (batch.records.length === 1 ? 1 : 0);
  if (outcome.status === "refused") return { ...batch, attempts, singleAttempts };
  if (!doubt || outcome.status === "ok") return batch;
  return {
    ...batch,
    attempts,
    singleAttempts,
    doubts: batch.doubts + 1,
    unreadableInARow: doubt === "unreadable" ? batch.unreadableInARow + 1 : 0,
    lastDoubt: { doubt, why: outcome.why },
  };
}

/** Whether a batch is to be split before it goes out again. An unreadable response does not depend on the size. */
export function isDueForSplit({ records, doubts, lastDoubt }: Batch): boolean {
  return (
    records.length > 1 && doubts >= DOUBTS_THAT_SPLIT && lastDoubt !== undefined && lastDoubt.doubt !== "unreadable"
  );
}
