/** The shape of a JSON value: each path in it with its type, as `details.reason[] string`. List items share one path. */
export function shapeOf(value: unknown): Set<string> {
  return new Set(walk(value, ""));
}

function* walk(value: unknown, path: string): Generator<string, void, void> {
  yield `${path} ${value === null ? "null" : Array.isArray(value) ? "list" : typeof value}`;
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield* walk(member, Array.isArray(value) ? `${path}[]` : path === "" ? key : `${path}.${key}`);
  }
}
