import { makeExamples } from "../entries/entry-maker.ts";
import { ENTRY_TEMPLATES } from "../entries/entry-templates.ts";
import { seededRandom } from "../seeded-random.ts";
import { DEMO_ORGANISATION } from "./people.ts";

/** The actions of all templates, by Slack's groups: the body of `GET /audit/v1/actions`. */
export function actionsByGroup(): Readonly<Record<string, readonly string[]>> {
  const groups = Map.groupBy(ENTRY_TEMPLATES, ({ group }) => group);
  return Object.fromEntries(
    [...groups].map(([group, templates]) => [group, [...new Set(templates.map(({ action }) => action))]]),
  );
}

/** The entity types of all templates, each with its members' types: the body of `GET /audit/v1/schemas`. */
export function entitySchemas(): readonly object[] {
  const examples = makeExamples({ random: seededRandom(1), organisation: DEMO_ORGANISATION }, 0);
  const schemas = examples.map(({ entity }) => {
    return { type: entity.type, [entity.type]: toTypes(Object(entity[entity.type])) };
  });
  // Two schemas of one type stay apart if their members differ.
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
