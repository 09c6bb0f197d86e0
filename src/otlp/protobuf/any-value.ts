import type { AnyValue } from "@opentelemetry/api";
import { putBytes, putDouble, putInt64, putString, putVarint, size, type Writer, written } from "./writer.ts";

// Tags: the number of a field and how it is written (protobuf.dev/programming-guides/encoding).
/** The field of an AnyValue that is a text. */
export const STRING = (1 << 3) | 2;
/** … that is true or false. */
export const BOOL = (2 << 3) | 0;
/** … that is an integer. */
export const INT = (3 << 3) | 0;
const DOUBLE = (4 << 3) | 1;
const ARRAY = (5 << 3) | 2;
const MAP = (6 << 3) | 2;
const BYTES = (7 << 3) | 2;
const ITEM = (1 << 3) | 2;
/** The name of a KeyValue. */
export const KEY = (1 << 3) | 2;
/** The AnyValue of a KeyValue. */
export const VALUE = (2 << 3) | 2;

/** An AnyValue (opentelemetry/proto/common/v1/common.proto); null and undefined are the empty one. */
export function putAnyValue(writer: Writer, value: AnyValue | undefined): void {
  switch (typeof value) {
    case "string":
      putString(writer, value);
      putVarint(writer, STRING);
      return;
    case "boolean":
      putVarint(writer, value ? 1 : 0);
      putVarint(writer, BOOL);
      return;
    case "number":
      putNumber(writer, value);
      return;
    case "object":
      if (value !== null) putObject(writer, value);
  }
}

/** The attributes of a message, each a KeyValue in a field with this tag. */
export function putAttributes(writer: Writer, attributes: Readonly<Record<string, unknown>>, tag: number): void {
  const names = Object.keys(attributes);
  for (let index = names.length - 1; index >= 0; index--) {
    const name = names[index] as string;
    const before = size(writer);
    putAnyValue(writer, attributes[name] as AnyValue);
    endMessage(writer, VALUE, before);
    putKey(writer, name);
    endMessage(writer, tag, before);
  }
}

/** Puts the length and the tag before what was written since `before`: then that is a message in a field. */
export function endMessage(writer: Writer, tag: number, before: number): void {
  putVarint(writer, size(writer) - before);
  putVarint(writer, tag);
}

/** As the SDK's serializer does: what does not fit into 64 bits is a double. */
function putNumber(writer: Writer, value: number): void {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
    putInt64(writer, value);
    putVarint(writer, INT);
  } else {
    putDouble(writer, value);
    putVarint(writer, DOUBLE);
  }
}

function putObject(writer: Writer, value: object): void {
  const before = size(writer);
  let tag = MAP;
  if (value instanceof Uint8Array) {
    tag = BYTES;
    putBytes(writer, value);
  } else if (Array.isArray(value)) {
    tag = ARRAY;
    for (let index = value.length - 1; index >= 0; index--) {
      const beforeItem = size(writer);
      putAnyValue(writer, value[index]);
      endMessage(writer, ITEM, beforeItem);
    }
  } else {
    putAttributes(writer, value as Readonly<Record<string, unknown>>, ITEM);
  }
  endMessage(writer, tag, before);
}

/** The names of attributes are a few hundred and come in every record: they are encoded once. */
const keys = new Map<string, Buffer>();
const MOST_KEYS = 4_096;

function putKey(writer: Writer, key: string): void {
  const known = keys.get(key);
  if (known) {
    putBytes(writer, known);
    return;
  }
  const before = size(writer);
  putString(writer, key);
  putVarint(writer, KEY);
  // The bound keeps a hostile stream of names from filling the memory.
  if (keys.size < MOST_KEYS) keys.set(key, Buffer.from(written(writer).subarray(0, size(writer) - before)));
}
