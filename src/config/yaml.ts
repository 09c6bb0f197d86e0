import { type ErrorCode, LineCounter, parseDocument } from "yaml";
import { ConfigError } from "./config-error.ts";

/** A YAML node. Scalars stay text, so that an id such as `0123` or `1e5` keeps its digits. Null counts as not set. */
export type YamlNode = null | string | readonly YamlNode[] | YamlMap;

/** A mapping of names to nodes. */
export interface YamlMap {
  readonly [name: string]: YamlNode;
}

/** Reports whether a node is a mapping. */
export function isYamlMap(node: YamlNode | undefined): node is YamlMap {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

/** Parses YAML. Throws `ConfigError` with the line of each fault. Leaves out the parser's messages: they quote the text. */
export function parseYaml(text: string, file: string): YamlMap {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: "failsafe",
    customTags: ["null"],
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const fail = (faults: readonly string[]) => new ConfigError(faults.map((fault) => `Cannot read "${file}"${fault}`));
  if (document.errors.length > 0) {
    throw fail(document.errors.map(({ code, pos }) => `, line ${lines.linePos(pos[0]).line}: ${describe(code)}`));
  }
  const root = toNode(document, fail);
  if (root === null) return {};
  if (!isYamlMap(root)) throw fail([": its top level must be a mapping; begin with sources:"]);
  return root;
}

function toNode(
  document: ReturnType<typeof parseDocument>,
  fail: (faults: readonly string[]) => ConfigError,
): YamlNode {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases are resolved here. An unknown alias is nearly always a glob without quotes.
    if (error instanceof ReferenceError)
      throw fail([": an alias has no anchor; put text that begins with * in quotes"]);
    throw error;
  }
}

function describe(code: ErrorCode): string {
  switch (code) {
    case "DUPLICATE_KEY":
      return "the key was given before; keep one of the two";
    case "TAB_AS_INDENT":
      return "a tab cannot indent; use spaces";
    case "MULTIPLE_DOCS":
      return "a second document begins; keep one";
    default:
      return `the YAML is malformed (${code.toLowerCase().replaceAll("_", " ")}); correct the syntax there or just above`;
  }
}
