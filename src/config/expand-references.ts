import type { Files } from "../runtime/files.ts";
import { describeReadError, type Faults } from "./faults.ts";
import type { YamlMap, YamlNode } from "./yaml.ts";

/** The sources of referenced values, and the collection for references that cannot be resolved. */
export interface ExpandOptions {
  readonly files: Pick<Files, "readFile">;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: Faults;
}

/** `$$`, or a reference up to its closing brace. The brace is optional so that a missing one is reported. */
const REFERENCE = /\$\$|\$\{([^}]*)(\})?/g;
const VARIABLE = /^(?:env:)?([A-Za-z_]\w*)(?::-((?:(?!\$\{).)*))?$/s;
// biome-ignore lint/suspicious/noTemplateCurlyInString: the message explains this syntax
const SYNTAX = "write ${env:NAME}, ${env:NAME:-default}, ${file:/path}, or $$ for a dollar sign";
const FILE = /^file:(.+)$/s;

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}` and `$$` in every scalar, as the Collector does. An inserted
 * value is trimmed, stays text and is not expanded again. A scalar that cannot be expanded becomes null and adds a fault.
 */
export async function expandReferences(document: YamlMap, options: ExpandOptions): Promise<YamlMap> {
  return expandMap(document, "", options);
}

async function expandMap(map: YamlMap, prefix: string, options: ExpandOptions): Promise<YamlMap> {
  const entries = Object.entries(map).map(async ([name, child]) => [
    name,
    await expandNode(child, prefix + name, options),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function expandNode(node: YamlNode, key: string, options: ExpandOptions): Promise<YamlNode> {
  if (node === null) return null;
  if (typeof node === "string") return expandText(node, key, options);
  if (isList(node)) return Promise.all(node.map((item) => expandNode(item, key, options)));
  return expandMap(node, `${key}.`, options);
}

async function expandText(text: string, key: string, options: ExpandOptions): Promise<string | null> {
  let expanded = "";
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, reference, closed] = match;
    const value = whole === "$$" ? "$" : await resolve(closed ? (reference ?? "") : "", key, options);
    if (value === undefined) return null;
    expanded += text.slice(end, match.index) + value;
    end = match.index + whole.length;
  }
  return expanded + text.slice(end);
}

async function resolve(reference: string, key: string, { files, env, faults }: ExpandOptions) {
  const [, variable, fallback] = VARIABLE.exec(reference) ?? [];
  if (variable) {
    const value = trim(env[variable] ?? fallback);
    // Unlike the Collector, reject an unset variable: an empty secret would be noticed too late.
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
      faults.add(key, `cannot read "${file}": ${describeReadError(error)}; correct the path or its permissions`);
      return undefined;
    }
  }
  faults.add(key, `a reference is malformed; ${SYNTAX}`);
  return undefined;
}

/** Removes surrounding white space, but keeps a byte order mark: the check of the value reports it. */
function trim<Text extends string | undefined>(text: Text): Text {
  return text?.replace(/^[^\S\uFEFF]+|[^\S\uFEFF]+$/g, "") as Text;
}

function isList(node: YamlNode): node is readonly YamlNode[] {
  return Array.isArray(node);
}
