import { KINDS } from "../entries/kinds.ts";
import { createEntryMaker } from "../entries.ts";
import { seededRandom } from "../seeded-random.ts";
import { DEMO_ORGANISATION } from "./people.ts";

/** The actions that occur here, by Slack's groups. */
export function actionsByGroup(): Readonly<Record<string, readonly string[]>> {
  const groups = Object.entries(Object.groupBy(KINDS, ({ group }) => group));
  return Object.fromEntries(
    groups.map(([group, kinds = []]) => [group, [...new Set(kinds.map(({ action }) => action))]]),
  );
}

/** The types of entities that occur here, each with the types of its members: found by making one of every kind. */
export function entitySchemas(): readonly object[] {
  const random = seededRandom(1);
  const schemas = KINDS.map((kind) => {
    const { entity } = createEntryMaker({ random, organisation: DEMO_ORGANISATION, kinds: [kind] })(0);
    return { type: entity.type, [entity.type]: toTypes(Object(entity[entity.type])) };
  });
  // The same type may be there several times, with other members.
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

function toTypes(members: object): object {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, toType(value)]));
}

function toType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return "integer";
  return value === null ? "string" : typeof value;
}
