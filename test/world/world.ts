import { parseArgs } from "node:util";
import { areas } from "./areas.ts";
import { runRows } from "./run-rows.ts";
import { toSummary, toTable } from "./table.ts";

// Runs the daemon in every environment of the tables, and prints the results. `--only` takes part of the name of an area or row;
// `--quick` takes the rows of `npm test`; COMBINATIONS=all runs each answer with every protocol and compression.
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
