import { type Case, nameOfEncoding } from "./case.ts";
import { judgeGoals } from "./goals.ts";
import type { Contestant, Figures } from "./measure.ts";
import { byLoad, figuresOf, type Results, ratios } from "./results.ts";
import { spread } from "./statistics.ts";

const NOTES = `\
Each cell is a median, with the least and the greatest of several runs behind it. A ratio is taken within one round, of runs made one after
the other. CPU is user and system time of all threads from the first request on; what starting costs stands beside it. A stall is the longest
time between two turns of a 5 ms timer on the main thread, those 5 ms included; while a process sleeps, that timer itself takes up to 2 % of
a core. Bytes are those of request bodies.
`;

/** All that was measured, as Markdown: the goals, the ratios, the figures. */
export function renderReport(results: Results, machine: string): string {
  return [
    section("Goals", goalsOf(results)),
    section("Ratios", ratiosOf(results)),
    section("Figures", figuresTable(results)),
    section("Idle", idleOf(results)),
    section("Start", startOf(results)),
    section("Machine", machine),
  ].join("\n");
}

function goalsOf(results: Results): string {
  const words = (met: boolean | undefined) => (met === undefined ? "not measured" : met ? "yes" : "**no**");
  const rows = judgeGoals(results).map(({ goal, measured, met }) => [goal, measured || "–", words(met)]);
  return table(["goal", "measured", "met"], rows);
}

const LOAD_COLUMNS = ["encoding", "entries", "Slack, collector"];

function loadCells(load: Case): string[] {
  const { entries, slackLatencyMs, collectorLatencyMs } = load;
  return [nameOfEncoding(load), entries.toLocaleString("en-US"), `${slackLatencyMs} ms, ${collectorLatencyMs} ms`];
}

const RATIOS: readonly (readonly [string, [Contestant, Contestant], keyof Figures])[] = [
  ["CPU: stock ÷ daemon", ["stock", "daemon"], "cpuSecondsPerMillion"],
  ["entries/s: daemon ÷ stock", ["daemon", "stock"], "entriesPerSecond"],
  ["entries/s: daemon ÷ floor", ["daemon", "floor"], "entriesPerSecond"],
  ["peak: daemon ÷ stock", ["daemon", "stock"], "peakMib"],
  ["bytes: daemon ÷ stock", ["daemon", "stock"], "wireBytesPerEntry"],
];

function ratiosOf({ runs }: Results): string {
  const rows = byLoad(runs)
    .filter((group) => group.runs.some(({ contestant }) => contestant !== "daemon"))
    .map((group) => [
      ...loadCells(group.load),
      ...RATIOS.map(([, pair, figure]) => spread(ratios(group.runs, pair, figure), 2)),
    ]);
  return `${table([...LOAD_COLUMNS, ...RATIOS.map(([title]) => title)], rows)}\n${NOTES}`;
}

const FIGURES: readonly (readonly [string, keyof Figures, number])[] = [
  ["entries/s", "entriesPerSecond", 0],
  ["CPU s/M", "cpuSecondsPerMillion", 1],
  ["start CPU s", "startCpuSeconds", 2],
  ["peak MiB", "peakMib", 0],
  ["stall ms", "longestStallMs", 0],
  ["bytes/entry", "wireBytesPerEntry", 0],
  ["requests", "requests", 0],
  ["pages", "pages", 0],
];

function figuresTable({ runs }: Results): string {
  const rows = byLoad(runs).flatMap((group) =>
    [...new Set(group.runs.map(({ contestant }) => contestant))].map((contestant) => [
      ...loadCells(group.load),
      contestant,
      ...FIGURES.map(([, figure, digits]) => spread(figuresOf(group.runs, contestant, figure), digits)),
    ]),
  );
  return table([...LOAD_COLUMNS, "contestant", ...FIGURES.map(([title]) => title)], rows);
}

function idleOf({ idle }: Results): string {
  const rows = idle.map(({ sources, cpuPercent, residentMib, peakMib }) => [
    String(sources),
    spread([cpuPercent], 2),
    spread([residentMib]),
    spread([peakMib]),
  ]);
  return table(["sources", "% of a core", "resident MiB", "peak MiB"], rows);
}

function startOf({ starts }: Results): string {
  return table(
    ["from the start to", "ms"],
    [
      ["the first request", spread(starts.map(({ firstRequestMs }) => firstRequestMs))],
      ["the first delivery", spread(starts.map(({ firstDeliveryMs }) => firstDeliveryMs))],
    ],
  );
}

function section(title: string, text: string): string {
  return `### ${title}\n\n${text}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
