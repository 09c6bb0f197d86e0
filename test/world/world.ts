import { parseArgs } from "node:util";
import { areas } from "./areas.ts";
import { runRows } from "./run-rows.ts";
import { toSummary, toTable } from "./table.ts";

// Tries the daemon in every outside of the tables, and prints what happened. `--only` takes a part of an area's or a row's name;
// `--quick` takes the rows that the tests run; COMBINATIONS=all crosses the answers with every protocol and compression.
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    quick: { type: "boolean", default: false },
    concurrency: { type: "string", default: "3" },
  },
});
const isNamed = (name: string) => values.only.length === 0 || values.only.some((part) => name.includes(part));
const results = await runRows(areas, {
  wants: (row, area) => isNamed(`${area.name}: ${row.name}`) && (!values.quick || row.quick === true),
  concurrency: Number(values.concurrency),
  tell: (result) => process.stderr.write(toTable([result]).split("\n").slice(1).join("\n")),
});
process.stdout.write(toTable(results));
process.stdout.write(toSummary(results));
process.exitCode = results.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
