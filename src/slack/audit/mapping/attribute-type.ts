import type { AnyValue } from "@opentelemetry/api";
import { isObject } from "../../../runtime/json.ts";
import { toAnyValue, toStringList, toStringValue } from "./values.ts";

/** The type that an attribute has in all records; `json` is a string that holds JSON. */
export type AttributeType = "string" | "string[]" | "bool" | "int" | "map" | "list" | "json";

/** Converts a value to its attribute's type; null where it has another type. Never called with null, undefined or the empty string. */
export type Convert = (value: unknown) => AnyValue;

/** The conversion to each type. */
export const conversions: Readonly<Record<AttributeType, Convert>> = {
  string: (value) => toStringValue(value) ?? null,
  json: (value) => toStringValue(value) ?? null,
  "string[]": (value) => toStringList(value) ?? null,
  bool: toBoolean,
  int: toInteger,
  map: (value) => (isObject(value) ? (toAnyValue(value) ?? null) : null),
  list: (value) => (isObject(value) ? [toAnyValue(value) ?? null] : Array.isArray(value) ? toList(value) : null),
};

/** Converts to a list of strings. Slack sometimes sends the list as JSON in a string. */
export function unpackStrings(value: unknown): AnyValue {
  return toStringList(typeof value === "string" && value.startsWith("[") ? parseList(value) : value) ?? null;
}

function parseList(text: string): unknown {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : text;
  } catch {
    return text;
  }
}

function toBoolean(value: unknown): AnyValue {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : null;
}

/** Takes only integers that a double holds exactly: a larger one stays a string of its digits. */
function toInteger(value: unknown): AnyValue {
  const number = typeof value === "string" && String(Number(value)) === value ? Number(value) : value;
  // OTLP has no negative zero.
  return Number.isSafeInteger(number) ? (number as number) + 0 : null;
}

function toList(value: readonly unknown[]): AnyValue {
  return toAnyValue(value) ?? null;
}
