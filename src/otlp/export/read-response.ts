import { isObject } from "../../runtime/json.ts";

/** An ExportLogsServiceResponse (opentelemetry/proto/collector/logs/v1/logs_service.proto). */
export interface ExportResponse {
  readonly rejected: number;
  readonly message: string;
}

/**
 * Reads an export response in protobuf or JSON. Undefined for any other body: the SDK's deserializer ignores unknown members
 * and accepts every JSON object. The content type is not used: servers mislabel it, and no body is valid in both encodings. An
 * empty body is an empty response.
 */
export function readResponse(body: Buffer): ExportResponse | undefined {
  if (body.length === 0) return { rejected: 0, message: "" };
  return readProtobuf(body) ?? readJson(body);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The tags of `partial_success`, `rejected_log_records` and `error_message`. */
const PARTIAL_SUCCESS = 0x0a;
const REJECTED = 0x08;
const MESSAGE = 0x12;

function readProtobuf(body: Buffer): ExportResponse | undefined {
  if (body[0] !== PARTIAL_SUCCESS) return undefined;
  const length = readVarint(body, 1);
  if (!length || length.end + length.value !== body.length) return undefined;
  let at = length.end;
  let rejected: number | undefined;
  let message: string | undefined;
  while (at < body.length) {
    const tag = body[at];
    const number = readVarint(body, at + 1);
    if (!number) return undefined;
    at = number.end;
    if (tag === REJECTED && rejected === undefined) rejected = number.value;
    else if (tag === MESSAGE && message === undefined && at + number.value <= body.length) {
      message = decode(body.subarray(at, at + number.value));
      if (message === undefined) return undefined;
      at += number.value;
    } else return undefined;
  }
  return { rejected: rejected ?? 0, message: message ?? "" };
}

/** Reads a varint that is a count. Undefined if it is cut off, negative or beyond 2^53. */
function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: start + index + 1 } : undefined;
  }
  return undefined;
}

function readJson(body: Buffer): ExportResponse | undefined {
  const text = decode(body);
  if (text === undefined) return undefined;
  try {
    return toResponse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toResponse(value: unknown): ExportResponse | undefined {
  const response = members(value, ["partialSuccess"]);
  const partial = response && members(response.partialSuccess ?? {}, ["rejectedLogRecords", "errorMessage"]);
  if (!partial) return undefined;
  const rejected = toCount(partial.rejectedLogRecords ?? 0);
  const message = partial.errorMessage ?? "";
  return rejected === undefined || typeof message !== "string" ? undefined : { rejected, message };
}

/** Returns the members under their camelCase names; servers also write snake_case. Undefined if there are other members. */
function members(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(value)) return undefined;
  const found: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const name = names.find((each) => each === key || toSnakeCase(each) === key);
    if (name === undefined || name in found) return undefined;
    found[name] = member;
  }
  return found;
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** OTLP's JSON writes 64-bit numbers as strings. Many servers write numbers. */
function toCount(value: unknown): number | undefined {
  const count = typeof value === "string" && /^\d{1,20}$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
