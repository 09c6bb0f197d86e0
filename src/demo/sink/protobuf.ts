import { type DecodedRecord, type DecodedValue, fromKeyValues, type KeyValue } from "./decoded.ts";
import { type Field, readFields } from "./protobuf-fields.ts";

/** Decodes an `ExportLogsServiceRequest` from Protocol Buffers (opentelemetry/proto/logs/v1/logs.proto). Throws if it is invalid. */
export function decodeProtobuf(request: Uint8Array): DecodedRecord[] {
  return messages(request, 1).flatMap(readResourceLogs);
}

function readResourceLogs(resourceLogs: Uint8Array): DecodedRecord[] {
  const resource = Object.fromEntries(
    messages(resourceLogs, 1).flatMap((message) => messages(message, 1).map(readKeyValue)),
  );
  return messages(resourceLogs, 2).flatMap((scopeLogs) => {
    const scope = { name: "", version: "" };
    for (const field of messages(scopeLogs, 1).flatMap((message) => [...readFields(message)])) {
      if (field.number === 1) scope.name = text(field);
      if (field.number === 2) scope.version = text(field);
    }
    return messages(scopeLogs, 2).map((record) => ({ ...readRecord(record), resource, scope }));
  });
}

function readRecord(record: Uint8Array): Omit<DecodedRecord, "resource" | "scope"> {
  const pairs: KeyValue[] = [];
  const read = {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: "",
    body: null as DecodedValue,
    droppedAttributesCount: 0,
    flags: 0,
    traceId: "",
    spanId: "",
    eventName: "",
  };
  for (const field of readFields(record)) {
    if (field.number === 1) read.timeUnixNano = integer(field);
    else if (field.number === 2) read.severityNumber = Number(integer(field));
    else if (field.number === 3) read.severityText = text(field);
    else if (field.number === 5) read.body = readValue(bytes(field));
    else if (field.number === 6) pairs.push(readKeyValue(bytes(field)));
    else if (field.number === 7) read.droppedAttributesCount = Number(integer(field));
    else if (field.number === 8) read.flags = Number(integer(field));
    else if (field.number === 9) read.traceId = Buffer.from(bytes(field)).toString("hex");
    else if (field.number === 10) read.spanId = Buffer.from(bytes(field)).toString("hex");
    else if (field.number === 11) read.observedTimeUnixNano = integer(field);
    else if (field.number === 12) read.eventName = text(field);
  }
  return { ...read, ...fromKeyValues(pairs) };
}

function readKeyValue(pair: Uint8Array): KeyValue {
  let key = "";
  let value: DecodedValue = null;
  for (const field of readFields(pair)) {
    if (field.number === 1) key = text(field);
    if (field.number === 2) value = readValue(bytes(field));
  }
  return [key, value];
}

/** Reads an AnyValue. An empty one is null. */
function readValue(anyValue: Uint8Array): DecodedValue {
  let value: DecodedValue = null;
  for (const field of readFields(anyValue)) {
    if (field.number === 1) value = text(field);
    else if (field.number === 2) value = integer(field) !== 0n;
    else if (field.number === 3) value = BigInt.asIntN(64, integer(field));
    else if (field.number === 4) value = toDouble(integer(field));
    else if (field.number === 5) value = messages(bytes(field), 1).map(readValue);
    else if (field.number === 6) value = Object.fromEntries(messages(bytes(field), 1).map(readKeyValue));
    else if (field.number === 7) value = Uint8Array.from(bytes(field));
  }
  return value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function messages(message: Uint8Array, number: number): Uint8Array[] {
  return [...readFields(message)].filter((field) => field.number === number).map(bytes);
}

function text(field: Field): string {
  return utf8.decode(bytes(field));
}

function bytes(field: Field): Uint8Array {
  if (field.type === "bytes") return field.value;
  throw new TypeError(`Cannot read the message: field ${field.number} is a number`);
}

function integer(field: Field): bigint {
  if (field.type === "integer") return field.value;
  throw new TypeError(`Cannot read the message: field ${field.number} is not a number`);
}

function toDouble(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(bits).buffer)[0] ?? Number.NaN;
}
