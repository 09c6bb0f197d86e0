import type { SinkFault, SinkIntercept } from "./faults.ts";

/** Refuses every request that holds a record with one of these uids, as a collector does that cannot take one record. */
export function refuseRecords(uids: Iterable<string>, status = 400): SinkIntercept {
  const refused = new Set(uids);
  return ({ records }) => (records.some(({ uid }) => refused.has(uid)) ? refusal(status) : undefined);
}

/** Refuses every request that holds more than `most` records, as too large. */
export function refuseMoreThan(most: number, status = 413): SinkIntercept {
  return ({ records }) => (records.length > most ? refusal(status) : undefined);
}

function refusal(status: number): SinkFault {
  return { status, contentType: "text/plain", body: "refused" };
}
