import { type DecodedRecord, type DecodedValue, describePairs, type Pair } from "./decoded.ts";

/** The records of an `ExportLogsServiceRequest` in OTLP's JSON. Throws where it is none, as strictly as the Collector. */
export function decodeJson(request: Uint8Array): DecodedRecord[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(request);
  const message: unknown = JSON.parse(text, keepDigits);
  return list(message, "resourceLogs").flatMap((resourceLogs) => {
    const resource = Object.fromEntries(readPairs(member(resourceLogs, "resource"), "attributes"));
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
    ...describePairs(readPairs(record, "attributes")),
  };
}

function readPairs(holder: unknown, key: string): Pair[] {
  return list(holder, key).map((pair) => [readText(pair, "key"), readValue(member(pair, "value"))]);
}

/** An AnyValue; one with nothing set is null. */
function readValue(anyValue: unknown): DecodedValue {
  for (const [kind, value] of Object.entries(anyValue ?? {})) {
    switch (kind) {
      case "stringValue":
        return readText(anyValue, kind);
      case "boolValue":
        if (typeof value !== "boolean") throw new TypeError("Cannot read the request: a boolValue is no boolean");
        return value;
      case "intValue":
        return readInteger(value);
      case "doubleValue":
        return readDouble(value);
      case "bytesValue":
        return Uint8Array.from(Buffer.from(readText(anyValue, kind), "base64"));
      case "arrayValue":
        return list(value, "values").map(readValue);
      case "kvlistValue":
        return Object.fromEntries(readPairs(value, "values"));
    }
  }
  return null;
}

/** Keeps every digit of a whole number: JSON's own reader would round those beyond 2^53. */
function keepDigits(_key: string, value: unknown, context?: { source: string }): unknown {
  return typeof value === "number" && context && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/** A 64-bit integer, which may be a string or a number (OTLP's JSON rules); the Collector refuses what does not fit. */
function readInteger(value: unknown): bigint {
  const number =
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? BigInt(value) : 0n;
  if (typeof value === "object" || typeof value === "boolean" || value === "")
    throw new TypeError("Cannot read the request: an integer is none");
  if (number < -(2n ** 63n) || number >= 2n ** 64n)
    throw new RangeError("Cannot read the request: an integer does not fit");
  return number;
}

function readDouble(value: unknown): number {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (typeof value !== "number" && typeof value !== "bigint")
    throw new TypeError("Cannot read the request: a doubleValue is no number");
  return Number(value);
}

function readText(holder: unknown, key: string): string {
  const value = member(holder, key) ?? "";
  if (typeof value !== "string") throw new TypeError(`Cannot read the request: "${key}" is no text`);
  return value;
}

function list(holder: unknown, key: string): unknown[] {
  const value = member(holder, key) ?? [];
  if (!Array.isArray(value)) throw new TypeError(`Cannot read the request: "${key}" is no list`);
  return value;
}

function member(holder: unknown, key: string): unknown {
  if (holder === undefined) return undefined;
  if (typeof holder !== "object" || holder === null || Array.isArray(holder)) {
    throw new TypeError(`Cannot read the request: what should hold "${key}" is no object`);
  }
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}
