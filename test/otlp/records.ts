import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecord } from "../../src/model.ts";

const resource: Resource = resourceFromAttributes({ "service.name": "slack" });
const instrumentationScope = { name: "slack-audit-receiver", version: "1.2.3" };

/** A record with this uid. */
export function makeRecord(uid: string, more: Partial<LogRecord> = {}): LogRecord {
  return {
    hrTime: [1_767_268_800, 0],
    hrTimeObserved: [1_767_268_860, 123_000_000],
    severityNumber: 9,
    eventName: "slack.audit.user_login",
    body: `{"id":"${uid}"}`,
    attributes: { "log.record.uid": uid },
    droppedAttributesCount: 0,
    resource,
    instrumentationScope,
    ...more,
  };
}

/** `count` records; their uids are `0`, `1` … */
export function makeRecords(count: number): LogRecord[] {
  return Array.from({ length: count }, (_, index) => makeRecord(String(index)));
}

export function uidOf({ attributes }: LogRecord): string {
  return String(attributes["log.record.uid"]);
}
