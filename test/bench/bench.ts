import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { nameOfEncoding } from "./case.ts";
import { measureIdle } from "./idle.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { fullPlan, type Plan, quickPlan } from "./plan.ts";
import { renderReport } from "./report.ts";
import type { Results, Run } from "./results.ts";
import { measureStart, type StartFigures } from "./start.ts";
import { setUpWorkshop, type Workshop } from "./workshop.ts";

// `npm run bench`: measures the built daemon beside the stock path and the floor, and writes the report to standard output.
// --quick makes one round of a few cases, of --entries entries; --write puts the report into docs/performance.md as well.

const PAGE = new URL("../../docs/performance.md", import.meta.url);
const MARKERS = ["<!-- bench -->\n", "<!-- /bench -->"] as const;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    entries: { type: "string", default: "100000" },
    write: { type: "boolean", default: false },
  },
});
if (process.platform !== "linux") throw new Error("Cannot measure here: memory and idle CPU are read from /proc");

await using workshop = await setUpWorkshop();
const results = await carryOut(values.quick ? quickPlan(Number(values.entries)) : fullPlan(), workshop);
const report = renderReport(results, describeMachine());
process.stdout.write(report);
if (values.write) await writeFile(PAGE, replaceBetween(await readFile(PAGE, "utf8"), report));

async function carryOut({ steps, starts, idle }: Plan, workshop: Workshop): Promise<Results> {
  const started: StartFigures[] = [];
  for (let index = 0; index < starts; index++) started.push(await measureStart(workshop));
  const runs: Run[] = [];
  for (const [index, step] of steps.entries()) {
    const { contestant, load } = step;
    const figures = await measure(contestant, load, workshop);
    runs.push({ ...step, figures });
    const latency = `${load.slackLatencyMs}/${load.collectorLatencyMs} ms`;
    const what = `${contestant.padEnd(6)} ${nameOfEncoding(load)}, ${load.entries} entries, ${latency}`;
    const cost = `${Math.round(figures.entriesPerSecond)}/s, ${figures.cpuSecondsPerMillion.toFixed(1)} CPU s/M`;
    progress(`${index + 1}/${steps.length} ${what}: ${cost}, ${Math.round(figures.peakMib)} MiB`);
  }
  progress("idle daemons");
  return {
    runs,
    starts: started,
    idle: await Promise.all([1, 20].map((sources) => measureIdle(sources, idle, workshop))),
  };
}

function replaceBetween(page: string, text: string): string {
  const [begin, end] = [page.indexOf(MARKERS[0]), page.indexOf(MARKERS[1])];
  if (begin < 0 || end < begin)
    throw new Error(`Cannot write the report: ${PAGE.pathname} has no ${MARKERS.join("… ")}`);
  return `${page.slice(0, begin + MARKERS[0].length)}${text}${page.slice(end)}`;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
