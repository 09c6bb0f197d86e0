import assert from "node:assert/strict";
import { test } from "node:test";
import { areas } from "./areas.ts";
import { runRow } from "./run-row.ts";

/** The number of rows at the same time. A row waits most of the time. */
const AT_ONCE = 4;
const all = process.env.WORLD === "all";

test("the daemon behaves as each row of the world tables says", { concurrency: AT_ONCE }, async (t) => {
  const rows = areas.flatMap((area) => area.rows.map((row) => ({ area, row })));
  await Promise.all(
    rows
      .filter(({ row }) => all || row.quick)
      .map(({ area, row }) => {
        const skip = row.skip?.() ?? false;
        return t.test(`${area.name}: ${row.name}`, { skip }, async () => {
          const { wrong, seen } = await runRow(area.name, row);
          assert.deepEqual(wrong, [], `${seen?.reasons.join("\n")}\n${seen?.printed.slice(-1_000)}`);
        });
      }),
  );
});

test("every row has a unique name", () => {
  const names = areas.flatMap((area) => area.rows.map((row) => `${area.name}: ${row.name}`));
  assert.deepEqual(names.length, new Set(names).size);
});
