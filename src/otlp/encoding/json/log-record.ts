import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RecordHead } from "../../../encoding.ts";
import type { RecordPage, Resource } from "../../../model.ts";

const START = '{"resourceLogs":[';
const LIST = '"logRecords":[';
const END = "]}]}]}";
const NO_BODY = '"body":{},';

/**
 * Splits what the SDK's serializer writes for one record. The first `"logRecords":[` begins the list: inside of a string
 * its quotes are escaped.
 */
function serialize(record: ReadableLogRecord): { before: string; text: string } {
  const request = Buffer.from(JsonLogsSerializer.serializeRequest([record]) ?? "").toString();
  const start = request.indexOf(LIST) + LIST.length;
  return { before: request.slice(START.length, start), text: request.slice(start, -END.length) };
}

/** The fields of a record, without the braces around them. There is a body only if the record has one. */
export function fieldsOf(record: ReadableLogRecord): string {
  const fields = serialize(record).text.slice(1, -1);
  // Only times and the severity precede the body, so the first match is the body.
  return record.body === undefined ? fields.replace(NO_BODY, "") : fields;
}

/** Severity, event name and the attributes, of which there is at least one. The list of attributes stays open. */
export function headOf({ severityNumber, eventName, attributes }: RecordHead): string {
  const { text } = serialize({ ...EMPTY, attributes });
  const list = /"attributes":(\[.*\]),"droppedAttributesCount"/s.exec(text)?.[1] ?? "[]";
  const severity = severityNumber ? `"severityNumber":${severityNumber},` : "";
  const name = eventName ? `"eventName":${JSON.stringify(eventName)},` : "";
  return `${severity}${name}"attributes":${list.slice(0, -1)}`;
}

/** What precedes the records of a resource and its scope, up to the opening bracket of the list. */
export function startOf({ resource, instrumentationScope }: Omit<RecordPage, "decode">): string {
  return serialize({ ...EMPTY, resource, instrumentationScope }).before;
}

const EMPTY: ReadableLogRecord = {
  hrTime: [0, 0],
  hrTimeObserved: [0, 0],
  attributes: {},
  droppedAttributesCount: 0,
  resource: { attributes: {} } as Resource,
  instrumentationScope: { name: "" },
};
