import type { HrTime } from "@opentelemetry/api";
import type { LogRecord, Resource, Seconds } from "../../model.ts";
import { categoryOf, createSeverity } from "./actions.ts";
import { attributesOf, type RecordAttributes } from "./attributes.ts";
import { type Entry, isObject, toSeconds } from "./entry.ts";
import { toAnyValue } from "./values.ts";

/** What the operator may say about the records. */
export interface MappingOptions {
  readonly body: "json" | "map" | "none";
  readonly severity: readonly (readonly [pattern: string, severityNumber: number])[];
  readonly scope: { readonly name: string; readonly version: string };
}

/** What all records of a page share. The resource must be the same object each time: serialisers group by identity. */
export interface PageContext {
  readonly resource: Resource;
  readonly arrivedAtMs: number;
}

/** Makes the log record of an entry; never throws. */
export type ToRecord = (entry: Entry, page: PageContext) => LogRecord;

/**
 * Makes the mapping from entry to log record. It is total: an entry that cannot be understood is a record all the same,
 * with its text as body and `slack.audit.mapping_error`.
 */
export function createMapping({ body, severity, scope }: MappingOptions): ToRecord {
  const severityOf = createSeverity(severity);
  return (entry, { resource, arrivedAtMs }) => {
    const action = entry.action ?? "";
    const name = eventName(action);
    return {
      hrTime: [entry.date ?? writtenDate(entry) ?? 0, 0],
      hrTimeObserved: toHrTime(arrivedAtMs),
      severityNumber: severityOf(action),
      ...(name && { eventName: name }),
      ...mapContent(entry, body),
      droppedAttributesCount: 0,
      resource,
      instrumentationScope: scope,
    };
  };
}

/** Whether a record holds less than its entry said. */
export function hasMappingError(record: LogRecord): boolean {
  return "slack.audit.mapping_error" in record.attributes;
}

function mapContent(entry: Entry, mode: MappingOptions["body"]): Pick<LogRecord, "attributes" | "body"> {
  const own: RecordAttributes = { "log.record.uid": entry.id.toWellFormed() };
  if (entry.action) own["slack.audit.action"] = entry.action.toWellFormed();
  own["slack.audit.category"] = categoryOf(entry.action ?? "");
  const members = entry.value;
  try {
    if (!isObject(members)) throw new TypeError("the entry is not an object");
    const attributes = attributesOf({ members, entry }, own);
    const body = mode === "map" ? toAnyValue(members) : mode === "json" ? entry.text : undefined;
    return { attributes, ...(body !== undefined && { body }) };
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown";
    return { attributes: { ...own, "slack.audit.mapping_error": why }, body: entry.text };
  }
}

/** An event's name identifies its structure, so a text that is no name of an action gives none. */
function eventName(action: string): string | undefined {
  return /^[\w.-]{1,200}$/.test(action) ? `slack.audit.${action}` : undefined;
}

function toHrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.floor((ms % 1_000) * 1_000_000)];
}

/** A date that cannot be true is still the one that the entry bears. */
function writtenDate({ value }: Entry): Seconds | undefined {
  return isObject(value) ? toSeconds(value.date_create) : undefined;
}
