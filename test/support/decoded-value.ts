import type { DecodedValue } from "../../src/demo/sink/decoded.ts";

/** The value that the sink decodes for a value of a record: integers become bigints, absent values null. */
export function toDecodedValue(value: unknown): DecodedValue {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(toDecodedValue);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toDecodedValue(member)]));
}
