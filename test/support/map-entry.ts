import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { parseEntry } from "../../src/slack/audit/entry.ts";
import { createMapping, createToRecord, type MappingOptions } from "../../src/slack/audit/mapping/record.ts";

export const ARRIVED_AT_MS = 1_760_000_060_250;
export const RESOURCE = resourceFromAttributes({ "service.name": "slack" });

/** Maps an entry, given as Slack's text or as an object, to its record. */
export function mapEntry(entry: string | object, options: Partial<MappingOptions> = {}): ReadableLogRecord {
  const text = typeof entry === "string" ? entry : JSON.stringify(entry);
  const mapping = createMapping({ body: "json", severity: [], scope: { name: "test", version: "1" }, ...options });
  return createToRecord(mapping)(parseEntry(text), { resource: RESOURCE, arrivedAtMs: ARRIVED_AT_MS });
}
