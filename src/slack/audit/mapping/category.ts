import { actions, findAction, knownActions } from "./actions.ts";

/** A longer prefix or suffix matches no known action. */
const LONGEST_ACTION = Math.max(...knownActions.map((name) => name.length));

/**
 * The category of an action. An unknown action gets the most frequent category of the known actions with its longest common
 * prefix. Without such a prefix it gets the category that all known actions with its longest common suffix have; a suffix has at
 * least two words, because the last word alone says nothing. Else the category is `other`.
 */
export function categoryOf(action: string): string {
  return findAction(action)?.category ?? categoryByPrefix(action) ?? categoryBySuffix(action) ?? "other";
}

function categoryByPrefix(action: string): string | undefined {
  for (let end = lastSeparator(action, LONGEST_ACTION); end > 0; end = lastSeparator(action, end)) {
    const category = byPrefix().get(action.slice(0, end + 1));
    if (category) return category;
  }
  return undefined;
}

function categoryBySuffix(action: string): string | undefined {
  const tail = action.slice(-LONGEST_ACTION);
  for (const start of separatorsIn(tail)) {
    const category = bySuffix().get(tail.slice(start));
    if (category) return category;
  }
  return undefined;
}

const byPrefix = once(() => {
  const counts = countBy((name) => separatorsIn(name).map((at) => name.slice(0, at + 1)));
  return new Map([...counts].map(([prefix, byCategory]) => [prefix, mostFrequent(byCategory)]));
});

const bySuffix = once(() => {
  const counts = countBy((name) =>
    separatorsIn(name)
      .slice(0, -1)
      .map((at) => name.slice(at)),
  );
  const shared = [...counts].filter(([, byCategory]) => byCategory.size === 1 && (sum(byCategory) ?? 0) > 1);
  return new Map(shared.map(([suffix, byCategory]) => [suffix, mostFrequent(byCategory)]));
});

/** Counts the known actions with each prefix or suffix, by category. */
function countBy(partsOf: (name: string) => readonly string[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { name, category } of actions) {
    for (const part of partsOf(name)) {
      const byCategory = counts.get(part) ?? new Map<string, number>();
      counts.set(part, byCategory.set(category, (byCategory.get(category) ?? 0) + 1));
    }
  }
  return counts;
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ["other", 0] as [string, number])[0];
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** The indexes of the separators in a name. */
function separatorsIn(name: string): number[] {
  return [...name.matchAll(/[_.]/g)].map(({ index }) => index).filter((index) => index > 0);
}

/** The index of the last separator before `end`. */
function lastSeparator(action: string, end: number): number {
  return Math.max(action.lastIndexOf("_", end - 1), action.lastIndexOf(".", end - 1));
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
