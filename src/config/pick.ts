import type { Faults } from "./faults.ts";
import { type Format, formats } from "./formats.ts";
import { nearest } from "./nearest.ts";
import { isOption, type Option, type Section } from "./option.ts";
import { isMap, type Tree, type TreeMap } from "./tree.ts";

/** What a document says, by dotted key: text, a list of texts, or the pairs of a mapping. */
export type Given = Map<string, unknown>;

/**
 * Takes from a document what the schema knows, where it has the right shape; whatever else is there becomes a fault.
 * A key without a value, and a section without keys, says nothing.
 */
export function pick(tree: TreeMap, schema: Section, { at, faults }: { at: string; faults: Faults }): Given {
  const given: Given = new Map();
  const walk = (map: TreeMap, section: Section, path: string) => {
    for (const [name, child] of Object.entries(map)) {
      const node = Object.hasOwn(section, name) ? section[name] : undefined;
      const fault = (problem: string) => faults.add(at + path + name, problem);
      if (!node) fault(`there is no such key; ${suggest(name, Object.keys(section))}`);
      else if (child === null) continue;
      else if (isOption(node)) {
        const shape = shapeOf(node);
        const value = read(shape, child);
        if (value === undefined) fault(`must be ${EXPECTED[shape]}`);
        else given.set(path + name, value);
      } else if (isMap(child)) walk(child, node, `${path}${name}.`);
      else fault(`must be a section; write its keys below it: ${Object.keys(node).join(", ")}`);
    }
  };
  walk(tree, schema, "");
  return given;
}

function suggest(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return meant ? `did you mean ${meant}?` : `the keys here are ${names.join(", ")}`;
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

/** The node in the form that its format checks; undefined where it has another shape. */
function read(shape: Format["shape"], tree: Tree): unknown {
  if (shape === "text") return typeof tree === "string" ? tree : undefined;
  if (shape === "list") return Array.isArray(tree) ? onlyTexts(tree) : undefined;
  if (!isMap(tree)) return undefined;
  if (shape === "map" && !onlyTexts(Object.values(tree))) return undefined;
  return Object.entries(tree).filter(([, value]) => shape === "sections" || value !== null);
}

function onlyTexts(items: readonly Tree[]): readonly string[] | undefined {
  const given = items.filter((item) => item !== null);
  return given.every((item) => typeof item === "string") ? given : undefined;
}
