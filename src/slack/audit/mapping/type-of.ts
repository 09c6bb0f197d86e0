import type { AttributeType } from "./attribute-type.ts";
import { detailsSchema } from "./details.ts";
import { knownSchemas, type ObjectSchema } from "./entry-schema.ts";

/** The name of a member's attribute. */
export function nameOf({ prefix, names }: ObjectSchema, key: string): string {
  return Object.hasOwn(names, key) ? (names[key] ?? "") : `${prefix}.${key.toWellFormed()}`;
}

const DECLARED: ReadonlyMap<string, AttributeType> = new Map(
  [...knownSchemas, detailsSchema].flatMap((schema) =>
    [...schema.types].map(([key, type]) => [nameOf(schema, key), type] as const),
  ),
);

/**
 * The type of an attribute. It follows from the name alone, so that no attribute ever changes its type. Where no schema
 * declares the name, its last part decides, by Slack's habits; most are strings.
 */
export function typeOf(name: string): AttributeType {
  // A value that did not fit its own attribute.
  if (name.endsWith("_")) return "string";
  const declared = DECLARED.get(name);
  if (declared) return declared;
  const key = name.slice(name.lastIndexOf(".") + 1);
  if (/_(ids|scopes)$/.test(key)) return "string[]";
  if (/^(is|has)_/.test(key)) return "bool";
  return key.endsWith("_count") ? "int" : "string";
}
