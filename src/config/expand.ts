import type { Files } from "../runtime/files.ts";
import type { Faults } from "./faults.ts";
import type { Tree, TreeMap } from "./tree.ts";
import { whyUnreadable } from "./unreadable.ts";

/** Where references lead to. */
export interface ExpandOptions {
  readonly files: Pick<Files, "readFile">;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: Faults;
}

/** A literal dollar sign, or a reference up to its brace; the brace is missing where somebody forgot it. */
const REFERENCE = /\$\$|\$\{([^}]*)(\})?/g;
const VARIABLE = /^(?:env:)?([A-Za-z_]\w*)(?::-((?:(?!\$\{).)*))?$/s;
// biome-ignore lint/suspicious/noTemplateCurlyInString: this is the syntax that it explains
const SYNTAX = "write ${env:NAME}, ${env:NAME:-default}, ${file:/path}, or $$ for a dollar sign";
const FILE = /^file:(.+)$/s;

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}` and `$$` in every scalar, as the Collector does: what is
 * put in stays text and is not expanded again, and loses the white space around it. A scalar that cannot be completed becomes null, and its key has a fault.
 */
export async function expandTree(tree: TreeMap, options: ExpandOptions): Promise<TreeMap> {
  return expandMap(tree, "", options);
}

async function expandMap(tree: TreeMap, at: string, options: ExpandOptions): Promise<TreeMap> {
  const entries = Object.entries(tree).map(async ([name, child]) => [name, await expand(child, at + name, options)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function expand(tree: Tree, key: string, options: ExpandOptions): Promise<Tree> {
  if (tree === null) return null;
  if (typeof tree === "string") return expandText(tree, key, options);
  if (isList(tree)) return Promise.all(tree.map((item) => expand(item, key, options)));
  return expandMap(tree, `${key}.`, options);
}

async function expandText(text: string, key: string, options: ExpandOptions): Promise<string | null> {
  let expanded = "";
  let rest = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, reference, closed] = match;
    const value = whole === "$$" ? "$" : await resolve(closed ? (reference ?? "") : "", key, options);
    if (value === undefined) return null;
    expanded += text.slice(rest, match.index) + value;
    rest = match.index + whole.length;
  }
  return expanded + text.slice(rest);
}

async function resolve(reference: string, key: string, { files, env, faults }: ExpandOptions) {
  const [, variable, fallback] = VARIABLE.exec(reference) ?? [];
  if (variable) {
    const value = trim(env[variable] ?? fallback);
    // The Collector takes an unset variable for empty text; an empty secret would be found out too late.
    if (value === undefined) {
      faults.add(key, `the variable ${variable} is not set; set it or write \${env:${variable}:-}`);
    }
    return value;
  }
  const [, file] = FILE.exec(reference) ?? [];
  if (file) {
    try {
      return trim(await files.readFile(file, "utf8"));
    } catch (error) {
      faults.add(key, `cannot read "${file}": ${whyUnreadable(error)}; correct the path or its permissions`);
      return undefined;
    }
  }
  faults.add(key, `a reference is malformed; ${SYNTAX}`);
  return undefined;
}

/** Without white space around it. A byte order mark is none here: the checks of the value name it. */
function trim<Text extends string | undefined>(text: Text): Text {
  return text?.replace(/^[^\S\uFEFF]+|[^\S\uFEFF]+$/g, "") as Text;
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}
