import { formats } from "./formats.ts";
import { listOptions, type Option } from "./option.ts";
import { schema } from "./schema.ts";
import { sourceSchema } from "./source-schema.ts";

/** One key, ready for the documentation. */
export interface ReferenceRow {
  /** Dotted, with `<name>` for a source's name. */
  readonly key: string;
  /** With its limits. */
  readonly type: string;
  /** As written in the file. */
  readonly default: string;
  readonly doc: string;
  /** OpenTelemetry variables used when the file does not set the key. The first non-empty one wins. */
  readonly variables: readonly string[];
  readonly sensitive: boolean;
}

/** Lists every key of both schemas, sources included. */
export function listReference(): readonly ReferenceRow[] {
  const sources = listOptions(sourceSchema, "sources.<name>.");
  return listOptions(schema)
    .flatMap((row) => (row.key === "sources" ? [row, ...sources] : [row]))
    .map(toRow);
}

/** Renders the keys as a Markdown table. */
export function renderReference(rows: readonly ReferenceRow[]): string {
  const lines = rows.map((row) => {
    const variables = row.variables.map((name) => `\`${name}\``).join(", ");
    return [`\`${row.key}\``, row.type, `\`${row.default}\``, row.doc, variables].map(escapeCell).join(" | ");
  });
  return ["Key | Value | Default | Meaning | Variable", "--- | --- | --- | --- | ---", ...lines]
    .map((line) => `| ${line} |\n`)
    .join("");
}

function toRow({ key, option }: { key: string; option: Option }): ReferenceRow {
  return {
    key,
    type: describe(option),
    default: writeDefault(option),
    doc: option.doc,
    variables: option.variables ?? [],
    sensitive: option.sensitive ?? false,
  };
}

function describe({ format, min, max }: Option): string {
  if (typeof format !== "string") return format.map((word) => `\`${word}\``).join(", ");
  const limits = min && max ? `, ${min} to ${max}` : min ? `, from ${min}` : "";
  return formats[format].label + limits;
}

function writeDefault({ format, default: value }: Option): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  return typeof format === "string" && formats[format].shape === "list" ? "[]" : "{}";
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
