import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { EncodedRecord } from "../../../src/model.ts";
import { encodeRecord } from "../../../src/otlp/encoding/encode-record.ts";
import { protobufEncoding } from "../../../src/otlp/encoding/protobuf/record-encoding.ts";

const resource: Resource = resourceFromAttributes({ "service.name": "slack" });
const instrumentationScope = { name: "slack-audit-receiver", version: "1.2.3" };

/** Creates a readable record with this uid. */
export function makeReadable(uid: string, more: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
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

/** Creates a record with this uid, encoded as protobuf. */
export function makeRecord(uid: string, more: Partial<ReadableLogRecord> = {}): EncodedRecord {
  return encodeRecord(makeReadable(uid, more), protobufEncoding);
}

/** Creates `count` records with the uids `0`, `1` … */
export function makeRecords(count: number): EncodedRecord[] {
  return Array.from({ length: count }, (_, index) => makeRecord(String(index)));
}

/** Decodes a record if it is encoded. */
export function readable(record: EncodedRecord | ReadableLogRecord): ReadableLogRecord {
  return "page" in record ? record.page.decode(record) : record;
}

export function uidOf(record: EncodedRecord | ReadableLogRecord): string {
  return String(readable(record).attributes["log.record.uid"]);
}
