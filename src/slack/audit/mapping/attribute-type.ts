import type { AnyValue } from "@opentelemetry/api";
import { isObject } from "../entry.ts";
import { toAnyValue, toText, toTextList } from "../values.ts";

/** The type that an attribute has in every record, whatever Slack sends; `json` is a string that holds JSON. */
export type AttributeType = "string" | "string[]" | "bool" | "int" | "map" | "list" | "json";

/** A value as one of its attribute's type; null where it is none. Null, the empty text and what JSON lacks never come here. */
export type Convert = (value: unknown) => AnyValue;

/** How each type is made of what Slack sends. */
export const conversions: Readonly<Record<AttributeType, Convert>> = {
  string: toOneText,
  json: toOneText,
  "string[]": toOneTexts,
  bool: toBoolean,
  int: toInteger,
  map: (value) => (isObject(value) ? (toAnyValue(value) ?? null) : null),
  list: (value) => (isObject(value) ? [toAnyValue(value) ?? null] : Array.isArray(value) ? toList(value) : null),
};

/** A list of texts, which Slack sometimes sends as the JSON of one. */
export function unpackStrings(value: unknown): AnyValue {
  if (typeof value !== "string" || !value.startsWith("[")) return toOneTexts(value);
  try {
    const list: unknown = JSON.parse(value);
    return toOneTexts(Array.isArray(list) ? list : value);
  } catch {
    return toOneTexts(value);
  }
}

function toOneText(value: unknown): AnyValue {
  return typeof value === "string" ? value.toWellFormed() : (toText(value) ?? null);
}

function toOneTexts(value: unknown): AnyValue {
  return toTextList(value) ?? null;
}

function toBoolean(value: unknown): AnyValue {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : null;
}

/** An integer that a double holds exactly; a larger one keeps its digits, as a text. */
function toInteger(value: unknown): AnyValue {
  const number = typeof value === "string" && String(Number(value)) === value ? Number(value) : value;
  // No encoding has a negative zero.
  return Number.isSafeInteger(number) ? (number as number) + 0 : null;
}

function toList(value: readonly unknown[]): AnyValue {
  return toAnyValue(value) ?? null;
}
