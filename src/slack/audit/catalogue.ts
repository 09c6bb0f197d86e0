import type { Novelty } from "../../runtime/events.ts";
import { findAction } from "./actions.ts";
import { isObject } from "./entry.ts";
import { entityMembers, entitySection } from "./mapping/members.ts";

/** Something that the tables do not know. */
export interface NewName {
  readonly kind: Novelty;
  readonly name: string;
}

/** The names by group in an answer of `GET /audit/v1/actions`: `{"actions": {group: [name, …]}}`. What is otherwise is left out. */
export function readActions(answer: unknown): { name: string; group: string }[] {
  const groups = isObject(answer) && isObject(answer.actions) ? Object.entries(answer.actions) : [];
  return groups.flatMap(([group, names]) =>
    (Array.isArray(names) ? names : [])
      .filter((name): name is string => typeof name === "string" && name !== "")
      .map((name) => ({ name, group })),
  );
}

/** The actions in an answer of `GET /audit/v1/actions` that are new. */
export function noveltiesOfActions(answer: unknown): NewName[] {
  const names = readActions(answer).filter(({ name }) => !findAction(name));
  return [...new Set(names.map(({ name }) => name))].map((name) => ({ kind: "action", name }));
}

/** The types of entities, and the members of those that are known, in an answer of `GET /audit/v1/schemas` that are new. */
export function noveltiesOfSchemas(answer: unknown): NewName[] {
  const schemas = isObject(answer) && Array.isArray(answer.schemas) ? answer.schemas : [];
  return schemas.flatMap((schema: unknown): NewName[] => {
    if (!isObject(schema) || typeof schema.type !== "string") return [];
    const { type } = schema;
    if (!Object.hasOwn(entityMembers, type)) return [{ kind: "entity_type", name: type }];
    const { types } = entitySection(type);
    const keys = isObject(schema[type]) ? Object.keys(schema[type]) : [];
    return keys.filter((key) => !types.has(key)).map((key) => ({ kind: "member", name: `entity.${type}.${key}` }));
  });
}
