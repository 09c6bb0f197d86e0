/** The name that was most likely meant, whatever its case and separators; undefined where none comes close. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const meant = names
    .map((candidate) => ({ candidate, edits: editDistance(letters(name), letters(candidate)) }))
    .reduce((best, next) => (next.edits < best.edits ? next : best), { candidate: "", edits: 3 });
  return meant.edits * 2 < name.length ? meant.candidate || undefined : undefined;
}

function letters(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, "");
}

/**
 * How many characters must be inserted, deleted, replaced or swapped with their neighbour (the optimal string alignment
 * distance), row by row.
 */
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
