import type { SinkFault, SinkIntercept } from "./faults.ts";

/** Refuses every request that contains a record with one of these uids. */
export function refuseRecords(uids: Iterable<string>, status = 400): SinkIntercept {
  const refused = new Set(uids);
  return ({ records }) => (records.some(({ uid }) => refused.has(uid)) ? refusal(status) : undefined);
}

/** Refuses every request with more than `maxRecords` records. */
export function refuseMoreThan(maxRecords: number, status = 413): SinkIntercept {
  return ({ records }) => (records.length > maxRecords ? refusal(status) : undefined);
}

function refusal(status: number): SinkFault {
  return { status, contentType: "text/plain", body: "refused" };
}
