import { isObject } from "../../../runtime/json.ts";
import { type Entry, toSeconds } from "../entry.ts";
import {
  createAttributeSetter,
  createMemberSetters,
  type SetAttribute,
  type SetterOf,
  setMembers,
} from "./attribute-setter.ts";
import { createEntitySetter } from "./entity-setter.ts";
import { entryShape, type ObjectShape } from "./entry-shape.ts";
import type { RecordAttributes } from "./presets/preset.ts";
import { createAddressSetter, createDetailsSetters } from "./special-members.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Adds an attribute for every member of an entry, known or not. */
export type SetEntryAttributes = (attributes: RecordAttributes, entry: Entry, members: Record<string, unknown>) => void;

/** Makes the function that adds an entry's attributes in a vocabulary. */
export function createEntryAttributes(vocabulary: Vocabulary): SetEntryAttributes {
  const special: Readonly<Record<string, Readonly<Record<string, SetAttribute>>>> = {
    "": { entity: objectSetter("entity", createEntitySetter(vocabulary)) },
    context: { ip_address: createAddressSetter(vocabulary) },
    details: createDetailsSetters(vocabulary),
  };
  const setterOf = memberSetters(entryShape);

  function memberSetters({ schema, nested }: ObjectShape): SetterOf {
    const setters = Object.entries(nested).map(([key, shape]) => {
      const nestedSetterOf = memberSetters(shape);
      const set = objectSetter(shape.schema.path, (attributes, value) => setMembers(attributes, nestedSetterOf, value));
      return [key, set] as const;
    });
    return createMemberSetters(schema, vocabulary, { ...Object.fromEntries(setters), ...special[schema.path] });
  }

  /** The setter of a member that should be an object. Any other value gets an attribute of its own. */
  function objectSetter(
    path: string,
    setObject: (attributes: RecordAttributes, value: Record<string, unknown>) => void,
  ): SetAttribute {
    const setOther = createAttributeSetter(`slack.audit.${path}`, vocabulary.rename);
    return (attributes, value) => (isObject(value) ? setObject(attributes, value) : setOther(attributes, value));
  }

  return (attributes, entry, members) => {
    for (const key in members) {
      const value = members[key];
      if (!isRecordField(key, value, entry)) setterOf(key)(attributes, value);
    }
  };
}

/** Reports whether the record has a field of its own for a member. A value of an unexpected type becomes an attribute instead. */
function isRecordField(key: string, value: unknown, { id, action }: Entry): boolean {
  if (key === "id") return value === id;
  if (key === "action") return value === action;
  if (key !== "date_create") return false;
  const seconds = toSeconds(value);
  return seconds !== undefined && (value === seconds || value === String(seconds));
}
