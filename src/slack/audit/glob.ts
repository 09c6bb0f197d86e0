/** Makes a test for a name or a glob, in which `*` stands for any characters. */
export function globMatcher(pattern: string): (name: string) => boolean {
  const source = pattern.split("*").map(RegExp.escape).join(".*");
  const expression = new RegExp(`^${source}$`, "s");
  return (name) => expression.test(name);
}

/** Whether an action passes: named by an include (where there are any) and by no exclude. */
export function createFilter(include: readonly string[], exclude: readonly string[]): (action: string) => boolean {
  const included = include.map(globMatcher);
  const excluded = exclude.map(globMatcher);
  return (action) =>
    (included.length === 0 || included.some((matches) => matches(action))) &&
    !excluded.some((matches) => matches(action));
}
