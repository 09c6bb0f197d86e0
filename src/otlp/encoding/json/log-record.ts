import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RecordHead } from "../../../encoding.ts";
import type { RecordPage, Resource } from "../../../model.ts";

const START = '{"resourceLogs":[';
const LIST = '"logRecords":[';
const END = "]}]}]}";
const NO_BODY = '"body":{},';

/**
 * Splits the SDK's request with one record into the part before the record and the record. The first `"logRecords":[` starts
 * the list: in a string its quotes would be escaped.
 */
function serialize(record: ReadableLogRecord): { before: string; text: string } {
  const request = Buffer.from(JsonLogsSerializer.serializeRequest([record]) ?? "").toString();
  const start = request.indexOf(LIST) + LIST.length;
  return { before: request.slice(START.length, start), text: request.slice(start, -END.length) };
}

/** Returns the fields of a record without the braces around them, and without `body` if the record has none. */
export function fieldsOf(record: ReadableLogRecord): string {
  const fields = serialize(record).text.slice(1, -1);
  // Only times and the severity precede the body: the first match is the body.
  return record.body === undefined ? fields.replace(NO_BODY, "") : fields;
}

/** Returns severity, event name and attributes. There is at least one attribute, and their list stays open. */
export function headOf({ severityNumber, eventName, attributes }: RecordHead): string {
  const { text } = serialize({ ...EMPTY, attributes });
  const list = /"attributes":(\[.*\]),"droppedAttributesCount"/s.exec(text)?.[1] ?? "[]";
  const severity = severityNumber ? `"severityNumber":${severityNumber},` : "";
  const name = eventName ? `"eventName":${JSON.stringify(eventName)},` : "";
  return `${severity}${name}"attributes":${list.slice(0, -1)}`;
}

/** Returns the JSON of a resource and its scope, up to the opening bracket of the records. */
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
