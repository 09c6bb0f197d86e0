import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { LogRecord, RecordHead, Resource } from "../../model.ts";

const LIST = '"logRecords":[';
const END_OF_LISTS = "]}]}]}";
const NO_BODY = '"body":{},';
const START_OF_LISTS = '{"resourceLogs":[';

/** What the SDK's serializer writes: none of its texts can hold what begins the list, for in a text the quotes are escaped. */
function serialize(record: LogRecord): { before: string; text: string } {
  const request = Buffer.from(JsonLogsSerializer.serializeRequest([record]) ?? "").toString();
  const start = request.indexOf(LIST) + LIST.length;
  return {
    before: request.slice(START_OF_LISTS.length, start),
    text: request.slice(start, -END_OF_LISTS.length),
  };
}

/** The fields of any record, as the SDK's serializer writes them, without the braces around them; the body only if there is one. */
export function fieldsOf(record: LogRecord): string {
  const fields = serialize(record).text.slice(1, -1);
  // Before it stand only times and the severity.
  return record.body === undefined ? fields.replace(NO_BODY, "") : fields;
}

/** Severity, event name and attributes; the list of attributes stays open, and is not empty. */
export function headOf({ severityNumber, eventName, attributes }: RecordHead): string {
  const { text } = serialize({ ...NOTHING, attributes });
  const list = /"attributes":(\[.*\]),"droppedAttributesCount"/s.exec(text)?.[1] ?? "[]";
  const severity = severityNumber ? `"severityNumber":${severityNumber},` : "";
  const name = eventName ? `"eventName":${JSON.stringify(eventName)},` : "";
  return `${severity}${name}"attributes":${list.slice(0, -1)}`;
}

/** What stands before the records of a resource, and of a scope of theirs. */
export function startOf({
  resource,
  instrumentationScope,
}: Pick<LogRecord, "resource" | "instrumentationScope">): string {
  return serialize({ ...NOTHING, resource, instrumentationScope }).before;
}

const NOTHING: LogRecord = {
  hrTime: [0, 0],
  hrTimeObserved: [0, 0],
  attributes: {},
  droppedAttributesCount: 0,
  resource: { attributes: {} } as Resource,
  instrumentationScope: { name: "" },
};
