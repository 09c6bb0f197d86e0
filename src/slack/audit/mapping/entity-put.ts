import { isObject } from "../entry.ts";
import { entityMembers, entitySection, entityTypeSection } from "./members.ts";
import type { RecordAttributes } from "./put.ts";
import { createSection, type PutMember, putAll, type Vocabulary } from "./section.ts";

const MOST_TYPES = 500;

/** Makes the way of an entity, `{type, <type>: {…}}`, to its attributes: the members of the one child become its own. */
export function createEntityPut(vocabulary: Vocabulary) {
  const putOther = createSection(entityTypeSection, { ...vocabulary, notice: () => {} });
  const children = new Map<string, PutMember>();
  const childOf = (name: string): PutMember => {
    const known = children.get(name);
    if (known) return known;
    const notice = Object.hasOwn(entityMembers, name) ? vocabulary.notice : () => {};
    const made = createSection(entitySection(name), { ...vocabulary, notice });
    if (children.size < MOST_TYPES) children.set(name, made);
    return made;
  };
  return (attributes: RecordAttributes, entity: Record<string, unknown>): void => {
    const own = ownChild(entity);
    const { type } = entity;
    if (typeof type === "string" && type !== "" && !Object.hasOwn(entityMembers, type)) {
      vocabulary.notice("entity_type", type);
    }
    for (const key in entity) {
      const member = entity[key];
      if (key === own && isObject(member)) putAll(attributes, childOf(key), member);
      else putOther(key)(attributes, member);
    }
  };
}

/** The child that is named like the type; where there is none, the first. */
function ownChild(entity: Record<string, unknown>): string | undefined {
  const { type } = entity;
  if (typeof type === "string" && type !== "type" && Object.hasOwn(entity, type) && isObject(entity[type])) return type;
  for (const key in entity) if (key !== "type" && isObject(entity[key])) return key;
  return undefined;
}
