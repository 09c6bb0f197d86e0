import { type Case, ENCODINGS, nameOfEncoding } from "./case.ts";
import type { IdleFigures } from "./idle.ts";
import type { Contestant, Figures } from "./measure.ts";
import type { Step } from "./plan.ts";
import type { StartFigures } from "./start.ts";

/** One run, and what it has cost. */
export interface Run extends Step {
  readonly figures: Figures;
}

/** All that was measured. */
export interface Results {
  readonly runs: readonly Run[];
  readonly idle: readonly IdleFigures[];
  readonly starts: readonly StartFigures[];
}

/** One figure of a contestant, run by run. */
export function figuresOf(runs: readonly Run[], contestant: Contestant, figure: keyof Figures): number[] {
  return runs.filter((run) => run.contestant === contestant).map(({ figures }) => figures[figure]);
}

/** One figure of a contestant over the other's of the same round and load, round by round. */
export function ratios(runs: readonly Run[], [one, other]: [Contestant, Contestant], figure: keyof Figures): number[] {
  return runs.flatMap((run) => {
    if (run.contestant !== one) return [];
    const beside = runs.find(({ contestant, load, round }) => {
      return contestant === other && round === run.round && keyOf(load) === keyOf(run.load);
    });
    return beside ? [run.figures[figure] / beside.figures[figure]] : [];
  });
}

/** The runs of each load, in the order in which they were made. */
export function byLoad(runs: readonly Run[]): { readonly load: Case; readonly runs: readonly Run[] }[] {
  return [...Map.groupBy(runs, ({ load }) => keyOf(load)).values()].flatMap((group) =>
    group[0] ? [{ load: group[0].load, runs: group }] : [],
  );
}

/** The runs of each encoding that there are, by its name. */
export function byEncoding(runs: readonly Run[]): (readonly [name: string, runs: readonly Run[]])[] {
  const groups = Map.groupBy(runs, ({ load }) => nameOfEncoding(load));
  return ENCODINGS.map(nameOfEncoding).flatMap((name) => {
    const group = groups.get(name);
    return group ? [[name, group] as const] : [];
  });
}

/** Whether neither Slack nor the collector takes time to answer. */
export function isNear({ load }: Pick<Run, "load">): boolean {
  return load.slackLatencyMs === 0 && load.collectorLatencyMs === 0;
}

/** Whether both take time. */
export function isFar({ load }: Pick<Run, "load">): boolean {
  return load.slackLatencyMs > 0 && load.collectorLatencyMs > 0;
}

function keyOf({ protocol, compression, entries, slackLatencyMs, collectorLatencyMs }: Case): string {
  return [protocol, compression, entries, slackLatencyMs, collectorLatencyMs].join(" ");
}
