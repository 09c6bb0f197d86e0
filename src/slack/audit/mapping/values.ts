import type { AnyValue } from "@opentelemetry/api";
import { isObject } from "../../../runtime/json.ts";

/** A value nested deeper becomes JSON text: receivers limit the depth (64 in OpenTelemetry's SDKs). */
const MAX_DEPTH = 32;

/** Converts a JSON value to an attribute value; undefined for null and the empty string. */
export function toAnyValue(value: unknown, depth = 0): AnyValue | undefined {
  switch (typeof value) {
    case "string":
      return value === "" ? undefined : value.toWellFormed();
    case "number":
      return isEncodable(value) ? value : String(value);
    case "boolean":
      return value;
    case "object":
      if (value === null) return undefined;
      return depth >= MAX_DEPTH ? toStringValue(value) : toNested(value, depth + 1);
    default:
      return undefined;
  }
}

/**
 * Reports whether both of OTLP's encodings keep a number: the serializers write every integer as an int64. Other numbers occur
 * only in entries that are nested too deep for `parseEntry` to keep their digits.
 */
function isEncodable(value: number): boolean {
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
}

/** Converts a JSON value to a string, which is JSON unless the value is a string; undefined for null and the empty string. */
export function toStringValue(value: unknown): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  return (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();
}

/** Converts a JSON value to a list of strings; a single value is a list of one. Undefined for null and the empty string. */
export function toStringList(value: unknown): string[] | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  return (Array.isArray(value) ? value : [value]).map((item) => toStringValue(item) ?? "");
}

/** Members and items stay where they are, even if they are null or empty. */
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
