import { categoryOf } from "./category.ts";

const CATEGORY = "category:";

/** Slack's names are a few words; what is longer is cut, so that nobody's name takes long to match. */
const LONGEST_NAME = 200;

/** Makes a test for a name or a glob, in which `*` stands for any characters. Of a name the first 200 characters count. */
export function globMatcher(pattern: string): (name: string) => boolean {
  return (name) => matchesGlob(pattern, name.slice(0, LONGEST_NAME));
}

/**
 * Walks over both at once. Where they part, the last star takes one character more: an earlier one never has to, so no name
 * takes longer than its length times that of the pattern.
 */
function matchesGlob(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let taken = 0;
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      taken = index;
    } else if (pattern[at] === name[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++taken;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
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
  return (whole) => {
    const action = whole.slice(0, LONGEST_NAME);
    const known = decided.get(action);
    if (known !== undefined) return known;
    const passes =
      (included.length === 0 || included.some((matches) => matches(action))) &&
      !excluded.some((matches) => matches(action));
    if (decided.size < MOST_DECIDED) decided.set(action, passes);
    return passes;
  };
}
