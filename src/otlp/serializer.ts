import type { IExportLogsServiceResponse, ISerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecord, Resource } from "../model.ts";

/** A serializer whose requests lie in buffers that are used again, once they are given back. */
export interface LogsSerializer extends ISerializer<LogRecord[], IExportLogsServiceResponse> {
  /** Says that a request is sent and its bytes are no longer needed. */
  giveBack(request: Uint8Array): void;
  /**
   * A request of a resource and a scope without records. Some servers take an empty body in any encoding, and refuse real
   * requests in it.
   */
  serializeEmptyRequest(): Uint8Array;
}

/** A larger request than that is rather left to the garbage collector than kept. */
export const LARGEST_KEPT_BYTES = 8 * 1_024 * 1_024;

/** What a request without records is of. */
export const EMPTY_REQUEST: Pick<LogRecord, "resource" | "instrumentationScope"> = {
  resource: resourceFromAttributes({ "service.name": "slack-audit-receiver" }),
  instrumentationScope: { name: "slack-audit-receiver" },
};

/** Our records have one scope; their resources are told apart by identity, as the SDK does. */
export function groupByResource(records: readonly LogRecord[]): [Resource, LogRecord[]][] {
  const groups = new Map<Resource, LogRecord[]>();
  for (const record of records) {
    const group = groups.get(record.resource);
    if (group) group.push(record);
    else groups.set(record.resource, [record]);
  }
  return [...groups];
}
