import type { AttributeType } from "./attribute-type.ts";
import { detailsSection } from "./details.ts";
import { knownSections, type Section } from "./members.ts";

/** The attribute that a member is, whatever its value. */
export function nameOf({ prefix, names }: Section, key: string): string {
  return Object.hasOwn(names, key) ? (names[key] ?? "") : `${prefix}.${key.toWellFormed()}`;
}

const DECLARED: ReadonlyMap<string, AttributeType> = new Map(
  [...knownSections, detailsSection].flatMap((section) =>
    [...section.types].map(([key, type]) => [nameOf(section, key), type] as const),
  ),
);

/**
 * The type of an attribute, which follows from its name alone: so that no attribute ever changes its type, be the member known
 * or not. What is not declared goes by its last word, as Slack names its members; most are strings.
 */
export function typeOf(name: string): AttributeType {
  // What stands beside another attribute, since it did not fit.
  if (name.endsWith("_")) return "string";
  const declared = DECLARED.get(name);
  if (declared) return declared;
  const key = name.slice(name.lastIndexOf(".") + 1);
  if (/_(ids|scopes)$/.test(key)) return "string[]";
  if (/^(is|has)_/.test(key)) return "bool";
  return key.endsWith("_count") ? "int" : "string";
}
