import { type DecodedRecord, type DecodedValue, fromKeyValues, type KeyValue } from "./decoded.ts";

/** Decodes an `ExportLogsServiceRequest` from OTLP's JSON. Throws if it is invalid; it is as strict as the Collector. */
export function decodeJson(request: Uint8Array): DecodedRecord[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(request);
  const message: unknown = JSON.parse(text, keepDigits);
  return list(message, "resourceLogs").flatMap((resourceLogs) => {
    const resource = Object.fromEntries(readKeyValues(member(resourceLogs, "resource"), "attributes"));
    return list(resourceLogs, "scopeLogs").flatMap((scopeLogs) => {
      const named = member(scopeLogs, "scope");
      const scope = { name: readText(named, "name"), version: readText(named, "version") };
      return list(scopeLogs, "logRecords").map((record) => ({ ...readRecord(record), resource, scope }));
    });
  });
}

function readRecord(record: unknown): Omit<DecodedRecord, "resource" | "scope"> {
  return {
    timeUnixNano: readInteger(member(record, "timeUnixNano") ?? 0),
    observedTimeUnixNano: readInteger(member(record, "observedTimeUnixNano") ?? 0),
    severityNumber: Number(readInteger(member(record, "severityNumber") ?? 0)),
    severityText: readText(record, "severityText"),
    body: readValue(member(record, "body")),
    droppedAttributesCount: Number(readInteger(member(record, "droppedAttributesCount") ?? 0)),
    flags: Number(readInteger(member(record, "flags") ?? 0)),
    traceId: readText(record, "traceId").toLowerCase(),
    spanId: readText(record, "spanId").toLowerCase(),
    eventName: readText(record, "eventName"),
    ...fromKeyValues(readKeyValues(record, "attributes")),
  };
}

function readKeyValues(parent: unknown, key: string): KeyValue[] {
  return list(parent, key).map((pair) => [readText(pair, "key"), readValue(member(pair, "value"))]);
}

/** Reads an AnyValue. An empty one is null. */
function readValue(anyValue: unknown): DecodedValue {
  for (const [field, value] of Object.entries(anyValue ?? {})) {
    switch (field) {
      case "stringValue":
        return readText(anyValue, field);
      case "boolValue":
        if (typeof value !== "boolean") throw new TypeError("Cannot read the request: a boolValue is not a boolean");
        return value;
      case "intValue":
        return readInteger(value);
      case "doubleValue":
        return readDouble(value);
      case "bytesValue":
        return Uint8Array.from(Buffer.from(readText(anyValue, field), "base64"));
      case "arrayValue":
        return list(value, "values").map(readValue);
      case "kvlistValue":
        return Object.fromEntries(readKeyValues(value, "values"));
    }
  }
  return null;
}

/** A reviver that turns integers into bigints: `JSON.parse` rounds integers beyond 2^53. */
function keepDigits(_key: string, value: unknown, context?: { source: string }): unknown {
  return typeof value === "number" && context && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/** Reads a 64-bit integer: a string or a number, as OTLP's JSON allows. Throws if it exceeds 64 bits, as the Collector does. */
function readInteger(value: unknown): bigint {
  const number =
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? BigInt(value) : 0n;
  if (typeof value === "object" || typeof value === "boolean" || value === "")
    throw new TypeError("Cannot read the request: an integer is not a number");
  if (number < -(2n ** 63n) || number >= 2n ** 64n)
    throw new RangeError("Cannot read the request: an integer does not fit");
  return number;
}

function readDouble(value: unknown): number {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new TypeError("Cannot read the request: a doubleValue is not a number");
  return Number(value);
}

function readText(parent: unknown, key: string): string {
  const value = member(parent, key) ?? "";
  if (typeof value !== "string") throw new TypeError(`Cannot read the request: "${key}" is not a string`);
  return value;
}

function list(parent: unknown, key: string): unknown[] {
  const value = member(parent, key) ?? [];
  if (!Array.isArray(value)) throw new TypeError(`Cannot read the request: "${key}" is not a list`);
  return value;
}

function member(parent: unknown, key: string): unknown {
  if (parent === undefined) return undefined;
  if (typeof parent !== "object" || parent === null || Array.isArray(parent)) {
    throw new TypeError(`Cannot read the request: the parent of "${key}" is not an object`);
  }
  return Object.getOwnPropertyDescriptor(parent, key)?.value;
}
