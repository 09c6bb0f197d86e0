/**
 * Every text, number and boolean inside of a value, as sorted texts. What makes no attribute, the empty and the null, is left
 * out; JSON inside of a text counts as what it says, since that is how values of many types become one.
 */
export function leavesOf(value: unknown): string[] {
  return [...walk(value)].sort();
}

function* walk(value: unknown): Generator<string, void, void> {
  if (value === null || value === undefined || value === "") return;
  if (typeof value === "object") for (const inner of Object.values(value)) yield* walk(inner);
  else if (typeof value === "string" && /^[[{]/.test(value)) yield* walk(unpack(value));
  else yield typeof value === "string" ? value.toWellFormed() : String(value);
}

function unpack(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `text:${text}`;
  }
}
