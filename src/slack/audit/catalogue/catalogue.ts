import { isObject } from "../../../runtime/json.ts";
import { findAction } from "../mapping/actions.ts";
import { entityMembers, entitySchema } from "../mapping/entry-schema.ts";
import type { UnknownName } from "../mapping/vocabulary.ts";

/** Reads the actions in an answer of `GET /audit/v1/actions`: `{"actions": {group: [name, …]}}`. Values of any other form are ignored. */
export function readActions(answer: unknown): { name: string; group: string }[] {
  const groups = isObject(answer) && isObject(answer.actions) ? Object.entries(answer.actions) : [];
  return groups.flatMap(([group, names]) =>
    (Array.isArray(names) ? names : [])
      .filter((name): name is string => typeof name === "string" && name !== "")
      .map((name) => ({ name, group })),
  );
}

/** Finds the actions in an answer of `GET /audit/v1/actions` that the table does not have. */
export function findUnknownActions(answer: unknown): UnknownName[] {
  const names = readActions(answer).filter(({ name }) => !findAction(name));
  return [...new Set(names.map(({ name }) => name))].map((name) => ({ kind: "action", name }));
}

/** Finds the entity types, and the members of known types, in an answer of `GET /audit/v1/schemas` that the tables do not have. */
export function findUnknownSchemaNames(answer: unknown): UnknownName[] {
  const schemas = isObject(answer) && Array.isArray(answer.schemas) ? answer.schemas : [];
  return schemas.flatMap((schema: unknown): UnknownName[] => {
    if (!isObject(schema) || typeof schema.type !== "string") return [];
    const { type } = schema;
    if (!Object.hasOwn(entityMembers, type)) return [{ kind: "entity_type", name: type }];
    const { types } = entitySchema(type);
    const keys = isObject(schema[type]) ? Object.keys(schema[type]) : [];
    return keys.filter((key) => !types.has(key)).map((key) => ({ kind: "member", name: `entity.${type}.${key}` }));
  });
}
