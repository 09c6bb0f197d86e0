import { type ErrorCode, LineCounter, parseDocument } from "yaml";
import { ConfigError } from "./config-error.ts";

/** A YAML document whose scalars are still text: an id such as `0123` or `1e5` keeps its digits. Null says nothing. */
export type Tree = null | string | readonly Tree[] | TreeMap;

/** A mapping of a YAML document. */
export interface TreeMap {
  readonly [name: string]: Tree;
}

/** Whether a node is a mapping. */
export function isMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

/** Reads YAML; throws `ConfigError` with the line of each fault. Messages of the parser are not shown: they quote the text. */
export function parseTree(text: string, file: string): TreeMap {
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
  const tree = toTree(document, fail);
  if (tree === null) return {};
  if (!isMap(tree)) throw fail([": its top level must be a mapping; begin with sources:"]);
  return tree;
}

function toTree(document: ReturnType<typeof parseDocument>, fail: (faults: readonly string[]) => ConfigError): Tree {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases are looked up only now. An unknown one is nearly always a glob without quotes.
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
