/** Finds the name closest to a misspelt one, ignoring case, `-` and `_`. Returns undefined when none is close. */
export function suggestName(misspelt: string, names: readonly string[]): string | undefined {
  const closest = names
    .map((candidate) => ({ candidate, edits: editDistance(normalize(misspelt), normalize(candidate)) }))
    .reduce((best, next) => (next.edits < best.edits ? next : best), { candidate: "", edits: 3 });
  return closest.edits * 2 < misspelt.length ? closest.candidate || undefined : undefined;
}

function normalize(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, "");
}

/** The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next.push(
        Math.min(
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          (last[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [beforeLast, last] = [last, next];
  }
  return last.at(-1) ?? 0;
}
