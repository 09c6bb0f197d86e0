import type { FormatName, FormatValues } from "./formats.ts";

/** One key of the file, declared once: the check, the default and the documentation read the same lines. */
export interface Option {
  readonly doc: string;
  /** As it would be written in the file; a list and a mapping default to none. */
  readonly default: string | readonly never[];
  /** How the value is written, or the words it can be. */
  readonly format: FormatName | readonly string[];
  /** Limits of a quantity, both included, as they would be written in the file. */
  readonly min?: string;
  readonly max?: string;
  /** OpenTelemetry variables that count while the file is silent; the first that is set wins. */
  readonly variables?: readonly string[];
  readonly sensitive?: true;
}

/** A mapping of the file whose keys are known. */
export interface Section {
  readonly [name: string]: Option | Section;
}

/** The checked values of a section's keys. */
export type Values<S> = {
  readonly [Name in keyof S]: S[Name] extends { default: unknown; format: infer Format }
    ? Format extends FormatName
      ? FormatValues[Format]
      : Format extends readonly (infer Word)[]
        ? Word
        : never
    : Values<S[Name]>;
};

/** Tells a key from a section, by the rule of convict: a key has a default. */
export function isOption(node: Option | Section): node is Option {
  return "default" in node;
}

/** Every key of a section with its dotted name, in the order of declaration. */
export function listOptions(section: Section, at = ""): { readonly key: string; readonly option: Option }[] {
  return Object.entries(section).flatMap(([name, node]) =>
    isOption(node) ? [{ key: at + name, option: node }] : listOptions(node, `${at}${name}.`),
  );
}
