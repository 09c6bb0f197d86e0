import type { HrTime } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Resource, Seconds } from "../../../model.ts";
import { isObject } from "../../../runtime/json.ts";
import { type Entry, toSeconds } from "../entry.ts";
import { type ActionInfoOf, createActionInfo } from "./action-info.ts";
import { createAttributeSetter } from "./attribute-setter.ts";
import { createEntryAttributes } from "./attributes.ts";
import type { RecordAttributes } from "./presets/preset.ts";
import { type PresetName, presets } from "./presets/presets.ts";
import { toAnyValue } from "./values.ts";
import type { ReportUnknown, Vocabulary } from "./vocabulary.ts";

/** The operator's options for records. */
export interface MappingOptions {
  readonly body: "json" | "map" | "none";
  readonly severity: readonly (readonly [pattern: string, severityNumber: number])[];
  /** Adds the action's description to each record; off by default. */
  readonly description?: boolean;
  /** The vocabulary of the attributes; OpenTelemetry's by default. */
  readonly preset?: PresetName;
  readonly scope: { readonly name: string; readonly version: string };
  readonly reportUnknown?: ReportUnknown;
}

/** A mapping of entries to records. */
export interface Mapping extends Pick<MappingOptions, "body" | "scope"> {
  readonly vocabulary: Vocabulary;
  readonly infoOf: ActionInfoOf;
}

/** The context that the records of a page share. Serializers group records by the identity of the resource. */
export interface PageContext {
  readonly resource: Resource;
  readonly arrivedAtMs: number;
}

/** Makes the record of an entry; never throws. */
export type ToRecord = (entry: Entry, page: PageContext) => ReadableLogRecord;

/** Makes a mapping. */
export function createMapping(options: MappingOptions): Mapping {
  const { body, scope, severity, description = false, preset = "otel", reportUnknown = () => {} } = options;
  const vocabulary = { ...presets[preset], reportUnknown };
  return { body, scope, vocabulary, infoOf: createActionInfo({ severity, description, vocabulary }) };
}

/**
 * Makes the function from entry to record. Every entry becomes a record: one that cannot be mapped has its text as body, and the
 * error in `slack.audit.mapping_error`.
 */
export function createToRecord({ body: mode, scope, vocabulary, infoOf }: Mapping): ToRecord {
  const setEntryAttributes = createEntryAttributes(vocabulary);
  const setUid = createAttributeSetter("log.record.uid", vocabulary.rename);
  return (entry, { resource, arrivedAtMs }) => {
    const { severityNumber, eventName, attributes: ofAction } = infoOf(entry.action ?? "");
    const members = entry.value;
    let attributes: RecordAttributes = { ...ofAction };
    setUid(attributes, entry.id);
    if (vocabulary.time && entry.date !== undefined) attributes[vocabulary.time] = entry.date * 1_000;
    let body: ReadableLogRecord["body"];
    try {
      if (!isObject(members)) throw new TypeError("the entry is not an object");
      setEntryAttributes(attributes, entry, members);
      body = mode === "map" ? toAnyValue(members) : mode === "json" ? entry.text : undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown";
      attributes = { "log.record.uid": entry.id.toWellFormed(), ...ofAction, "slack.audit.mapping_error": why };
      body = entry.text;
    }
    return {
      hrTime: [entry.date ?? writtenDate(entry) ?? 0, 0],
      hrTimeObserved: toHrTime(arrivedAtMs),
      severityNumber,
      ...(eventName && { eventName }),
      attributes,
      ...(body !== undefined && { body }),
      droppedAttributesCount: 0,
      resource,
      instrumentationScope: scope,
    };
  };
}

/** Reports whether a record lacks what its entry said. */
export function hasMappingError(record: ReadableLogRecord): boolean {
  return "slack.audit.mapping_error" in record.attributes;
}

/** Converts a time of our clock to seconds and nanoseconds. OTLP has no times before 1970. */
export function toHrTime(ms: number): HrTime {
  const known = Math.max(0, ms);
  return [Math.floor(known / 1_000), Math.floor((known % 1_000) * 1_000_000)];
}

/** `date_create`, even if it cannot be true. */
function writtenDate({ value }: Entry): Seconds | undefined {
  return isObject(value) ? toSeconds(value.date_create) : undefined;
}
