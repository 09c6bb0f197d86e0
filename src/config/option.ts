import type { YamlNode } from "./yaml.ts";

/** One key of the file. The check, the default and the documentation all read it. */
export interface Option {
  readonly doc: string;
  /** As written in the file. Lists and mappings default to empty. */
  readonly default: string | readonly never[];
  /** A format, or the words to choose from. */
  readonly format: FormatName | readonly string[];
  /** Limits of a quantity, inclusive, as written in the file. */
  readonly min?: string;
  readonly max?: string;
  /** OpenTelemetry variables used when the file does not set the key. The first non-empty one wins. */
  readonly variables?: readonly string[];
  readonly sensitive?: true;
}

/** The known keys of a mapping, by name. */
export interface Schema {
  readonly [name: string]: Option | Schema;
}

/** One entry of a mapping. Mappings are lists of pairs, because convict reads a dot in a name as a path. */
export type Pair<Value = string> = readonly [name: string, value: Value];

/** The type of a checked value, by format. */
export interface FormatValues {
  readonly text: string;
  readonly path: string;
  readonly credential: string;
  readonly token: string;
  readonly keys: string;
  readonly url: string;
  readonly secure_url: string;
  readonly redirect_url: string;
  readonly listen: string;
  readonly start_at: string;
  /** Milliseconds. */
  readonly duration: number;
  /** Whole seconds. */
  readonly seconds: number;
  /** Bytes. */
  readonly size: number;
  readonly count: number;
  readonly globs: readonly string[];
  readonly headers: readonly Pair[];
  readonly severities: readonly Pair[];
  readonly attributes: readonly Pair[];
  readonly sources: readonly Pair<YamlNode>[];
}

/** The name of a format, as the schema uses it. */
export type FormatName = keyof FormatValues;

/** The checked values of a schema's keys. */
export type Values<S> = {
  readonly [Name in keyof S]: S[Name] extends { default: unknown; format: infer Format }
    ? Format extends FormatName
      ? FormatValues[Format]
      : Format extends readonly (infer Word)[]
        ? Word
        : never
    : Values<S[Name]>;
};

/** Reports whether a node is a key. Convict's rule: a key has a default. */
export function isOption(node: Option | Schema): node is Option {
  return "default" in node;
}

/** Lists every key with its dotted name, in the order of declaration. */
export function listOptions(schema: Schema, prefix = ""): { readonly key: string; readonly option: Option }[] {
  return Object.entries(schema).flatMap(([name, node]) =>
    isOption(node) ? [{ key: prefix + name, option: node }] : listOptions(node, `${prefix}${name}.`),
  );
}
