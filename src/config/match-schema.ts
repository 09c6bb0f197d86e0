import type { Faults } from "./faults.ts";
import { type Format, formats } from "./formats.ts";
import { isOption, type Option, type Schema } from "./option.ts";
import { suggestName } from "./suggest-name.ts";
import { isYamlMap, type YamlMap, type YamlNode } from "./yaml.ts";

/** The unchecked values of the file by dotted key: text, a list of texts, or the pairs of a mapping. */
export type RawValues = Map<string, unknown>;

/**
 * Collects the values of the keys that the schema declares. An unknown key or a node of the wrong shape is a fault. A key
 * without a value counts as not set.
 */
export function matchSchema(
  document: YamlMap,
  schema: Schema,
  { prefix, faults }: { prefix: string; faults: Faults },
): RawValues {
  const values: RawValues = new Map();
  const visit = (map: YamlMap, section: Schema, path: string) => {
    for (const [name, child] of Object.entries(map)) {
      const node = Object.hasOwn(section, name) ? section[name] : undefined;
      const fault = (problem: string) => faults.add(prefix + path + name, problem);
      if (!node) fault(`there is no such key; ${hintFor(name, Object.keys(section))}`);
      else if (child === null) continue;
      else if (isOption(node)) {
        const shape = shapeOf(node);
        const value = readNode(shape, child);
        if (value === undefined) fault(`must be ${EXPECTED[shape]}`);
        else values.set(path + name, value);
      } else if (isYamlMap(child)) visit(child, node, `${path}${name}.`);
      else fault(`must be a section; write its keys below it: ${Object.keys(node).join(", ")}`);
    }
  };
  visit(document, schema, "");
  return values;
}

function hintFor(name: string, names: readonly string[]): string {
  const suggestion = suggestName(name, names);
  return suggestion ? `did you mean ${suggestion}?` : `the keys here are ${names.join(", ")}`;
}

function shapeOf({ format }: Option): Format["shape"] {
  return typeof format === "string" ? formats[format].shape : "text";
}

const EXPECTED: Record<Format["shape"], string> = {
  text: "one value, not a list or a mapping",
  list: "a list of texts, such as [user_login, user_logout]",
  map: "a mapping of names to texts, such as { name: value }",
  sections: "a mapping of names to sections, one per organisation",
};

/** Converts a node to the form that its format checks. Returns undefined for a node of another shape. */
function readNode(shape: Format["shape"], node: YamlNode): unknown {
  if (shape === "text") return typeof node === "string" ? node : undefined;
  if (shape === "list") return Array.isArray(node) ? textsIn(node) : undefined;
  if (!isYamlMap(node)) return undefined;
  if (shape === "map" && !textsIn(Object.values(node))) return undefined;
  return Object.entries(node).filter(([, value]) => shape === "sections" || value !== null);
}

/** The items without nulls; undefined if one is not text. */
function textsIn(items: readonly YamlNode[]): readonly string[] | undefined {
  const texts = items.filter((item) => item !== null);
  return texts.every((item) => typeof item === "string") ? texts : undefined;
}
