/**
 * All strings, numbers and booleans inside of a value, as sorted strings. Null and the empty string are left out. A string of
 * JSON counts as its content, because values of varying type become JSON.
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
