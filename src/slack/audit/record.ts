import type { HrTime } from "@opentelemetry/api";
import type { LogRecord, RecordEncoding, Resource, Seconds } from "../../model.ts";
import { createPutEntry } from "./attributes.ts";
import { type Entry, isObject, toSeconds } from "./entry.ts";
import { createFacts, type FactsOf } from "./mapping/facts.ts";
import { type PresetName, presets } from "./mapping/presets.ts";
import { createPut, type RecordAttributes } from "./mapping/put.ts";
import type { Vocabulary } from "./mapping/section.ts";
import type { NoticeNew } from "./mapping/vocabulary.ts";
import { toAnyValue } from "./values.ts";

/** What the operator may say about the records. */
export interface MappingOptions {
  readonly body: "json" | "map" | "none";
  readonly severity: readonly (readonly [pattern: string, severityNumber: number])[];
  /** Whether each record has the action's description; by default none. */
  readonly description?: boolean;
  /** The vocabulary of the attributes; by default OpenTelemetry's. */
  readonly preset?: PresetName;
  readonly scope: { readonly name: string; readonly version: string };
  /** Told what is new of Slack. */
  readonly notice?: NoticeNew;
  /** In what records are encoded as soon as they are made; by default they are not. */
  readonly encoding?: RecordEncoding;
}

/** What a mapping is made of. */
export interface Mapping extends Pick<MappingOptions, "body" | "scope" | "encoding"> {
  readonly vocabulary: Vocabulary;
  readonly factsOf: FactsOf;
}

/** What all records of a page share. The resource must be the same object each time: serialisers group by identity. */
export interface PageContext {
  readonly resource: Resource;
  readonly arrivedAtMs: number;
}

/** Makes the log record of an entry; never throws. */
export type ToRecord = (entry: Entry, page: PageContext) => LogRecord;

/** Puts together what the operator chose. */
export function createMapping<Options extends MappingOptions>(options: Options): Mapping & Pick<Options, "encoding"> {
  const { severity, description = false, preset = "otel", notice = () => {}, encoding } = options;
  const vocabulary = { ...presets[preset], notice };
  return { ...options, vocabulary, factsOf: createFacts({ severity, description, vocabulary, encoding }) };
}

/**
 * Makes the function from entry to log record. It is total: an entry that cannot be understood is a record all the same,
 * with its text as body and `slack.audit.mapping_error`.
 */
export function createToRecord({ body: mode, scope, vocabulary, factsOf }: Mapping): ToRecord {
  const putEntry = createPutEntry(vocabulary);
  const putUid = createPut("log.record.uid", vocabulary.rename);
  return (entry, { resource, arrivedAtMs }) => {
    const { severityNumber, eventName, attributes: own } = factsOf(entry.action ?? "");
    const members = entry.value;
    let attributes: RecordAttributes = { ...own };
    putUid(attributes, entry.id);
    if (vocabulary.time && entry.date !== undefined) attributes[vocabulary.time] = entry.date * 1_000;
    let body: LogRecord["body"];
    try {
      if (!isObject(members)) throw new TypeError("the entry is not an object");
      putEntry(attributes, entry, members);
      body = mode === "map" ? toAnyValue(members) : mode === "json" ? entry.text : undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown";
      attributes = { "log.record.uid": entry.id.toWellFormed(), ...own, "slack.audit.mapping_error": why };
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

/** Whether a record holds less than its entry said. */
export function hasMappingError(record: LogRecord): boolean {
  return "slack.audit.mapping_error" in record.attributes;
}

/** A time of ours as OpenTelemetry has it: seconds, and nanoseconds. It has none from before 1970, whatever our clock says. */
export function toHrTime(ms: number): HrTime {
  const known = Math.max(0, ms);
  return [Math.floor(known / 1_000), Math.floor((known % 1_000) * 1_000_000)];
}

/** A date that cannot be true is still the one that the entry bears. */
function writtenDate({ value }: Entry): Seconds | undefined {
  return isObject(value) ? toSeconds(value.date_create) : undefined;
}
