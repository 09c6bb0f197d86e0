import type { AnyValue } from "@opentelemetry/api";
import {
  type Writer,
  writeBytes,
  writeDouble,
  writeInt64,
  writeString,
  writeVarint,
  written,
  writtenBytes,
} from "./writer.ts";

// A tag is the number of a field and its wire type (protobuf.dev/programming-guides/encoding).
/** AnyValue.string_value. */
export const STRING = (1 << 3) | 2;
/** AnyValue.bool_value. */
export const BOOL = (2 << 3) | 0;
/** AnyValue.int_value. */
export const INT = (3 << 3) | 0;
const DOUBLE = (4 << 3) | 1;
const ARRAY = (5 << 3) | 2;
const MAP = (6 << 3) | 2;
const BYTES = (7 << 3) | 2;
/** ArrayValue.values and KeyValueList.values. */
const ITEM = (1 << 3) | 2;
/** KeyValue.key. */
export const KEY = (1 << 3) | 2;
/** KeyValue.value. */
export const VALUE = (2 << 3) | 2;

/** Writes an AnyValue (opentelemetry/proto/common/v1/common.proto). Null and undefined are the empty AnyValue. */
export function writeAnyValue(writer: Writer, value: AnyValue | undefined): void {
  switch (typeof value) {
    case "string":
      writeString(writer, value);
      writeVarint(writer, STRING);
      return;
    case "boolean":
      writeVarint(writer, value ? 1 : 0);
      writeVarint(writer, BOOL);
      return;
    case "number":
      writeNumber(writer, value);
      return;
    case "object":
      if (value !== null) writeObject(writer, value);
  }
}

/** Writes attributes, each as a KeyValue in a field with this tag. */
export function writeAttributes(writer: Writer, attributes: Readonly<Record<string, unknown>>, tag: number): void {
  const names = Object.keys(attributes);
  for (let index = names.length - 1; index >= 0; index--) {
    const name = names[index] as string;
    const before = writtenBytes(writer);
    writeAnyValue(writer, attributes[name] as AnyValue);
    endMessage(writer, VALUE, before);
    writeKey(writer, name);
    endMessage(writer, tag, before);
  }
}

/** Ends a message that started when `before` bytes were written: writes its length and its tag. */
export function endMessage(writer: Writer, tag: number, before: number): void {
  writeVarint(writer, writtenBytes(writer) - before);
  writeVarint(writer, tag);
}

/** An integer beyond 64 bits is a double, as in the SDK's serializer. */
function writeNumber(writer: Writer, value: number): void {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
    writeInt64(writer, value);
    writeVarint(writer, INT);
  } else {
    writeDouble(writer, value);
    writeVarint(writer, DOUBLE);
  }
}

function writeObject(writer: Writer, value: object): void {
  const before = writtenBytes(writer);
  let tag = MAP;
  if (value instanceof Uint8Array) {
    tag = BYTES;
    writeBytes(writer, value);
  } else if (Array.isArray(value)) {
    tag = ARRAY;
    for (let index = value.length - 1; index >= 0; index--) {
      const beforeItem = writtenBytes(writer);
      writeAnyValue(writer, value[index]);
      endMessage(writer, ITEM, beforeItem);
    }
  } else {
    writeAttributes(writer, value as Readonly<Record<string, unknown>>, ITEM);
  }
  endMessage(writer, tag, before);
}

/** Encoded names. Records share a few hundred names. */
const keys = new Map<string, Buffer>();
/** Bounds the memory for a hostile stream of names. */
const MAX_KEYS = 4_096;

function writeKey(writer: Writer, key: string): void {
  const known = keys.get(key);
  if (known) {
    writeBytes(writer, known);
    return;
  }
  const before = writtenBytes(writer);
  writeString(writer, key);
  writeVarint(writer, KEY);
  if (keys.size < MAX_KEYS) keys.set(key, Buffer.from(written(writer).subarray(0, writtenBytes(writer) - before)));
}
