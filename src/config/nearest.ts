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

/** How many characters must be put in, left out or replaced (Levenshtein), row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
