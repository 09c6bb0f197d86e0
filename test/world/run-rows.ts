import type { Area, Row } from "./row.ts";
import { type Result, runRow } from "./run-row.ts";

/** Runs rows, several at a time, and reports each result at once. Returns the results in the order of the tables. */
export async function runRows(
  areas: readonly Area[],
  {
    wants,
    concurrency,
    tell,
  }: { wants: (row: Row, area: Area) => boolean; concurrency: number; tell: (result: Result) => void },
): Promise<readonly Result[]> {
  const chosen = areas.flatMap((area) => area.rows.filter((row) => wants(row, area)).map((row) => ({ area, row })));
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < chosen.length; index = next++) {
      const { area, row } = chosen[index] ?? {};
      if (!area || !row) return;
      const result = await runRow(area.name, row);
      results[index] = result;
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}
