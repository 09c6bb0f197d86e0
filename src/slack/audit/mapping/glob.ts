import { categoryOf } from "./category.ts";
import { memoize } from "./memoize.ts";

const CATEGORY = "category:";

/** Longer names are cut, so that matching is fast. Slack's names are shorter. */
const MAX_NAME_LENGTH = 200;

/** Makes a test for a name or a glob, in which `*` matches any characters. It uses the first 200 characters of a name. */
export function globMatcher(pattern: string): (name: string) => boolean {
  return (name) => matchesGlob(pattern, name.slice(0, MAX_NAME_LENGTH));
}

/**
 * Where pattern and name differ, the last star matches one more character. Earlier stars never need to change, so the time is at most
 * the product of both lengths.
 */
function matchesGlob(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let starEnd = 0;
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      starEnd = index;
    } else if (pattern[at] === name[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starEnd;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Makes a test for actions by name, by glob, or by category, as in `category:file`. */
export function actionMatcher(pattern: string): (action: string) => boolean {
  if (!pattern.startsWith(CATEGORY)) return globMatcher(pattern);
  const matches = globMatcher(pattern.slice(CATEGORY.length));
  return (action) => matches(categoryOf(action));
}

/** Makes a test for actions: an include matches, or there is none, and no exclude matches. */
export function createFilter(include: readonly string[], exclude: readonly string[]): (action: string) => boolean {
  const included = include.map(actionMatcher);
  const excluded = exclude.map(actionMatcher);
  const isSelected = memoize(
    (action) =>
      (included.length === 0 || included.some((matches) => matches(action))) &&
      !excluded.some((matches) => matches(action)),
    { maxKeys: 10_000, maxKeyLength: MAX_NAME_LENGTH },
  );
  return (action) => isSelected(action.slice(0, MAX_NAME_LENGTH));
}
