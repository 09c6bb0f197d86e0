import { actions, findAction, knownActions } from "./actions.ts";

/** No part of a longer name can be that of a known action. */
const LONGEST_ACTION = Math.max(...knownActions.map((name) => name.length));

/**
 * The group that an action belongs to. A new action falls to where most known ones with the same beginning are, the longest
 * beginning first; where none begins so, to where all known ones with the same ending are, the longest ending first and of two
 * words at least, for the last word alone says nothing; else to `other`.
 */
export function categoryOf(action: string): string {
  return findAction(action)?.category ?? categoryByBeginning(action) ?? categoryByEnding(action) ?? "other";
}

function categoryByBeginning(action: string): string | undefined {
  for (let end = lastBreak(action, LONGEST_ACTION); end > 0; end = lastBreak(action, end)) {
    const category = beginnings().get(action.slice(0, end + 1));
    if (category) return category;
  }
  return undefined;
}

function categoryByEnding(action: string): string | undefined {
  const tail = action.slice(-LONGEST_ACTION);
  for (const start of breaksOf(tail)) {
    const category = endings().get(tail.slice(start));
    if (category) return category;
  }
  return undefined;
}

const beginnings = once(() => {
  const counts = countBy((name) => breaksOf(name).map((at) => name.slice(0, at + 1)));
  return new Map([...counts].map(([beginning, byCategory]) => [beginning, commonest(byCategory)]));
});

const endings = once(() => {
  const counts = countBy((name) =>
    breaksOf(name)
      .slice(0, -1)
      .map((at) => name.slice(at)),
  );
  const shared = [...counts].filter(([, byCategory]) => byCategory.size === 1 && (sum(byCategory) ?? 0) > 1);
  return new Map(shared.map(([ending, byCategory]) => [ending, commonest(byCategory)]));
});

/** How often each part of a name occurs among the known actions, by category. */
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

function commonest(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ["other", 0] as [string, number])[0];
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** Where the words of a name are parted, from its start. */
function breaksOf(name: string): number[] {
  return [...name.matchAll(/[_.]/g)].map(({ index }) => index).filter((index) => index > 0);
}

/** The last of them before `end`. */
function lastBreak(action: string, end: number): number {
  return Math.max(action.lastIndexOf("_", end - 1), action.lastIndexOf(".", end - 1));
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
