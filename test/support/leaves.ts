/**
 * Every string, number and boolean inside a value, as sorted strings. Empty strings and nulls are omitted, as in attributes. A string
 * that contains a JSON object or list is replaced by the leaves of that JSON, since attributes of type `json` are such strings.
 */
export function leavesOf(value: unknown): string[] {
  return [...walk(value)].sort();
}

function* walk(value: unknown): Generator<string, void, void> {
  if (value === null || value === undefined || value === "") return;
  if (typeof value === "object") for (const inner of Object.values(value)) yield* walk(inner);
  else if (typeof value === "string" && /^[[{]/.test(value)) yield* walk(parseOrTag(value));
  else yield typeof value === "string" ? value.toWellFormed() : String(value);
}

function parseOrTag(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `text:${text}`;
  }
}
