import { resourceFromAttributes } from "@opentelemetry/resources";
import type { EncodedRecord, RecordPage, Resource } from "../../model.ts";

/** Serializes encoded records to ExportLogsServiceRequests. It reuses the buffers of its requests. */
export interface LogsSerializer {
  serializeRequest(records: readonly EncodedRecord[]): Uint8Array;
  /** Frees a request's buffer; its bytes must not be read afterwards. */
  release(request: Uint8Array): void;
  /**
   * Serializes a resource and a scope without records. Some servers accept an empty body in any encoding, and refuse real
   * requests in that encoding.
   */
  serializeEmptyRequest(): Uint8Array;
}

/** The buffer of a larger request is not kept. */
export const LARGEST_KEPT_BYTES = 8 * 1_024 * 1_024;

/** The resource and the scope of a request without records. */
export const EMPTY_REQUEST: Pick<RecordPage, "resource" | "instrumentationScope"> = {
  resource: resourceFromAttributes({ "service.name": "slack-audit-receiver" }),
  instrumentationScope: { name: "slack-audit-receiver" },
};

/** The records of one resource. They also have one scope. */
export interface RecordGroup extends Pick<RecordPage, "resource" | "instrumentationScope"> {
  readonly records: EncodedRecord[];
}

/** Groups records by the identity of their resource, like the SDK. */
export function groupByResource(records: readonly EncodedRecord[]): RecordGroup[] {
  const groups = new Map<Resource, RecordGroup>();
  for (const record of records) {
    const { resource, instrumentationScope } = record.page;
    const group = groups.get(resource);
    if (group) group.records.push(record);
    else groups.set(resource, { resource, instrumentationScope, records: [record] });
  }
  return [...groups.values()];
}
