import { categoryOf } from "./category.ts";

const CATEGORY = "category:";

/** Makes a test for a name or a glob, in which `*` stands for any characters. */
export function globMatcher(pattern: string): (name: string) => boolean {
  const source = pattern.split("*").map(RegExp.escape).join(".*");
  const expression = new RegExp(`^${source}$`, "s");
  return (name) => expression.test(name);
}

/** Makes a test for actions: by name or glob, or by the category that they belong to, as in `category:file`. */
export function actionMatcher(pattern: string): (action: string) => boolean {
  if (!pattern.startsWith(CATEGORY)) return globMatcher(pattern);
  const matches = globMatcher(pattern.slice(CATEGORY.length));
  return (action) => matches(categoryOf(action));
}

/** Actions are a few hundred words; the bound only keeps a hostile stream from filling the memory. */
const MOST_DECIDED = 10_000;

/** Whether an action passes: named by an include (where there are any) and by no exclude. */
export function createFilter(include: readonly string[], exclude: readonly string[]): (action: string) => boolean {
  const included = include.map(actionMatcher);
  const excluded = exclude.map(actionMatcher);
  const decided = new Map<string, boolean>();
  return (action) => {
    const known = decided.get(action);
    if (known !== undefined) return known;
    const passes =
      (included.length === 0 || included.some((matches) => matches(action))) &&
      !excluded.some((matches) => matches(action));
    if (decided.size < MOST_DECIDED) decided.set(action, passes);
    return passes;
  };
}
