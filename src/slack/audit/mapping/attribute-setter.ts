import { type Convert, conversions } from "./attribute-type.ts";
import type { ObjectSchema } from "./entry-schema.ts";
import { memoize } from "./memoize.ts";
import type { RecordAttributes, Rename } from "./presets/preset.ts";
import { nameOf, typeOf } from "./type-of.ts";
import { toStringValue } from "./values.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Adds a member's value to the attributes, under the member's name and in its type. */
export type SetAttribute = (attributes: RecordAttributes, value: unknown) => void;

/** Makes the setter of an attribute. It ignores nulls and empty strings. */
export function createAttributeSetter(
  name: string,
  rename: Rename,
  convert: Convert = conversions[typeOf(name)],
): SetAttribute {
  const [first = name, ...others] = rename(name);
  const isList = typeOf(name) === "string[]";
  return (attributes, value) => {
    if (value === null || value === undefined || value === "") return;
    const converted = convert(value);
    const present = attributes[first];
    if (converted !== null && present === undefined) {
      attributes[first] = converted;
      for (const other of others) attributes[other] ??= converted;
    } else if (isList && Array.isArray(present) && Array.isArray(converted)) {
      // Two lists with the same name are merged.
      attributes[first] = [...new Set([...present, ...converted])];
    } else if (present !== (converted ?? value)) {
      setUnderFreeName(attributes, first, converted ?? value);
    }
  };
}

/** Keeps a value that does not fit as a string, under the name with `_` appended until it is free. */
function setUnderFreeName(attributes: RecordAttributes, name: string, value: unknown): void {
  let free = `${name}_`;
  while (attributes[free] !== undefined) free += "_";
  attributes[free] = toStringValue(value);
}

/** Gives the setter of an object's member. */
export type SetterOf = (key: string) => SetAttribute;

/** Makes the function that gives the setters of an object's members; `special` members have setters of their own. */
export function createMemberSetters(
  schema: ObjectSchema,
  { rename, reportUnknown }: Vocabulary,
  special: Readonly<Record<string, SetAttribute>> = {},
): SetterOf {
  return memoize((key) => {
    if (Object.hasOwn(special, key)) return special[key] as SetAttribute;
    if (!schema.types.has(key)) reportUnknown("member", schema.path ? `${schema.path}.${key}` : key);
    return createAttributeSetter(nameOf(schema, key), rename);
  });
}

/** Sets the attributes of all members of an object. */
export function setMembers(attributes: RecordAttributes, setterOf: SetterOf, members: Record<string, unknown>): void {
  for (const key in members) setterOf(key)(attributes, members[key]);
}
