import type { AnyValue } from "@opentelemetry/api";
import { isObject } from "./entry.ts";

/** Deeper than this a value goes on as JSON text: the depth that receivers accept is limited (64 in OpenTelemetry's SDKs). */
const DEEPEST = 32;

/** A JSON value as an attribute value; undefined for what makes no attribute: null, and the empty string. */
export function toAnyValue(value: unknown, depth = 0): AnyValue | undefined {
  switch (typeof value) {
    case "string":
      return value === "" ? undefined : value.toWellFormed();
    case "number":
      return isCarried(value) ? value : String(value);
    case "boolean":
      return value;
    case "object":
      if (value === null) return undefined;
      return depth >= DEEPEST ? toText(value) : toNested(value, depth + 1);
    default:
      return undefined;
  }
}

/**
 * Whether both of OTLP's encodings carry a number: the serialisers write every whole one as a 64-bit integer. Others come only
 * from entries that are nested too deep for their digits to be kept.
 */
function isCarried(value: number): boolean {
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
}

/** A JSON value as one string: text as it is, everything else in JSON; undefined for null and the empty string. */
export function toText(value: unknown): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  return (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();
}

/** A JSON value as a list of strings; a lone value is a list of one. */
export function toTextList(value: unknown): string[] | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  return (Array.isArray(value) ? value : [value]).map((item) => toText(item) ?? "");
}

/** Inside of a value everything keeps its place, the empty and the null as well. */
function toNested(value: object, depth: number): AnyValue {
  if (Array.isArray(value)) return value.map((item) => toMember(item, depth));
  if (!isObject(value)) return null;
  const map: Record<string, AnyValue> = Object.create(null);
  for (const [key, member] of Object.entries(value)) map[key.toWellFormed()] = toMember(member, depth);
  return map;
}

function toMember(value: unknown, depth: number): AnyValue {
  return value === "" ? "" : (toAnyValue(value, depth) ?? null);
}
