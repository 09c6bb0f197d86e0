import type { AnyValue } from "@opentelemetry/api";
import { toText } from "../values.ts";
import { type Convert, conversions } from "./attribute-type.ts";
import { typeOf } from "./type-of.ts";

/** Attributes by their names. */
export type RecordAttributes = Record<string, AnyValue>;

/** Puts a member's value among the attributes, under the name and in the type that are the member's. */
export type Put = (attributes: RecordAttributes, value: unknown) => void;

/** The names of an attribute in the vocabulary chosen: one, or several that all have the value. */
export type Rename = (name: string) => readonly string[];

/** Makes the `Put` of an attribute. Nulls and empty texts put nothing. */
export function createPut(name: string, rename: Rename, convert: Convert = conversions[typeOf(name)]): Put {
  const [first = name, ...others] = rename(name);
  const isList = typeOf(name) === "string[]";
  return (attributes, value) => {
    if (value === null || value === undefined || value === "") return;
    const converted = convert(value);
    const there = attributes[first];
    if (converted !== null && there === undefined) {
      attributes[first] = converted;
      for (const other of others) attributes[other] ??= converted;
    } else if (isList && Array.isArray(there) && Array.isArray(converted)) {
      // Two lists under one name are one list.
      attributes[first] = [...new Set([...there, ...converted])];
    } else if (there !== (converted ?? value)) {
      putBeside(attributes, first, converted ?? value);
    }
  };
}

/** What does not fit stands beside what it does not fit, as a text under a marked name. */
function putBeside(attributes: RecordAttributes, name: string, value: unknown): void {
  let free = `${name}_`;
  while (attributes[free] !== undefined) free += "_";
  attributes[free] = toText(value);
}
