import { isObject } from "../../../runtime/json.ts";
import { createMemberSetters, setMembers } from "./attribute-setter.ts";
import { entityMembers, entitySchema, entityTypeSchema } from "./entry-schema.ts";
import { memoize } from "./memoize.ts";
import type { RecordAttributes } from "./presets/preset.ts";
import type { Vocabulary } from "./vocabulary.ts";

const TYPES = { maxKeys: 500, maxKeyLength: 200 };

/** Makes the setter of an entity, `{type, <type>: {…}}`. The members of its child become the entity's own attributes. */
export function createEntitySetter(vocabulary: Vocabulary) {
  const silent: Vocabulary = { ...vocabulary, reportUnknown: () => {} };
  const otherSetterOf = createMemberSetters(entityTypeSchema, silent);
  const childSettersOf = memoize(
    (type) => createMemberSetters(entitySchema(type), Object.hasOwn(entityMembers, type) ? vocabulary : silent),
    TYPES,
  );
  return (attributes: RecordAttributes, entity: Record<string, unknown>): void => {
    const child = findChild(entity);
    const { type } = entity;
    if (typeof type === "string" && type !== "" && !Object.hasOwn(entityMembers, type)) {
      vocabulary.reportUnknown("entity_type", type);
    }
    for (const key in entity) {
      const member = entity[key];
      if (key === child && isObject(member)) setMembers(attributes, childSettersOf(key), member);
      else otherSetterOf(key)(attributes, member);
    }
  };
}

/** The key of the child: the type, or the first object where no member is named like the type. */
function findChild(entity: Record<string, unknown>): string | undefined {
  const { type } = entity;
  if (typeof type === "string" && type !== "type" && Object.hasOwn(entity, type) && isObject(entity[type])) return type;
  for (const key in entity) if (key !== "type" && isObject(entity[key])) return key;
  return undefined;
}
