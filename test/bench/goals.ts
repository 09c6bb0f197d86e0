import { PAGE_SIZE } from "./case.ts";
import { byEncoding, figuresOf, isFar, isNear, type Results, type Run, ratios } from "./results.ts";
import { median, spread } from "./statistics.ts";

/** One thing that the daemon shall achieve, and what it does. */
export interface Goal {
  readonly goal: string;
  readonly measured: string;
  /** Undefined where the plan did not measure it. */
  readonly met: boolean | undefined;
}

const LEAST_PAGES_A_MINUTE = 40;

/** Compares what was measured with what was set: ratios by their median, limits by the worst run. */
export function judgeGoals({ runs, idle, starts }: Results): Goal[] {
  const near = runs.filter(isNear);
  const far = runs.filter(isFar);
  const manySources = idle.filter(({ sources }) => sources > 1).map(({ cpuPercent }) => cpuPercent);
  const firstRequests = starts.map(({ firstRequestMs }) => firstRequestMs);
  return [
    judge("CPU: the stock path takes at least 3 times as much, same encoding and compression", {
      found: eachEncoding(near, (group) => ratios(group, ["stock", "daemon"], "cpuSecondsPerMillion")),
      holds: (values) => median(values) >= 3,
      digits: 2,
    }),
    judge("Entries/s with zstd: at least half of the floor's", {
      found: eachEncoding(
        near.filter(({ load }) => load.compression === "zstd"),
        (group) => ratios(group, ["daemon", "floor"], "entriesPerSecond"),
      ),
      holds: (values) => median(values) >= 0.5,
      digits: 2,
    }),
    judge("Peak of resident memory under 200 MiB", {
      found: eachEncoding(runs, (group) => figuresOf(group, "daemon", "peakMib")),
      holds: (values) => Math.max(...values) < 200,
    }),
    judge("Peak of the largest log at most 10 % above that of the smallest", {
      found: eachEncoding(near, growth),
      holds: (values) => median(values) <= 1.1,
      digits: 2,
    }),
    judge("No stall of the event loop over 50 ms", {
      found: eachEncoding(runs, (group) => figuresOf(group, "daemon", "longestStallMs")),
      holds: (values) => Math.max(...values) <= 50,
    }),
    judge(`${LEAST_PAGES_A_MINUTE} pages of 9,999 a minute, Slack 500 ms and collector 50 ms away`, {
      found: eachEncoding(far, (group) =>
        figuresOf(group, "daemon", "entriesPerSecond").map((perSecond) => (perSecond * 60) / PAGE_SIZE),
      ),
      holds: (values) => Math.min(...values) >= LEAST_PAGES_A_MINUTE,
    }),
    judge("20 idle sources under 1 % of a core", {
      found: [["", manySources]],
      holds: (values) => Math.max(...values) < 1,
      digits: 2,
      unit: " %",
    }),
    judge("First request within 500 ms of the start", {
      found: [["", firstRequests]],
      holds: (values) => median(values) <= 500,
      unit: " ms",
    }),
  ];
}

type Found = readonly (readonly [name: string, values: readonly number[]])[];

function eachEncoding(runs: readonly Run[], pick: (group: readonly Run[]) => number[]): Found {
  return byEncoding(runs).map(([name, group]) => [name, pick(group)]);
}

/** The daemon's peak with the most entries over that with the fewest; nothing where all logs had the same length. */
function growth(runs: readonly Run[]): number[] {
  const sizes = runs.map(({ load }) => load.entries);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const peakAt = (size: number) =>
    median(
      figuresOf(
        runs.filter(({ load }) => load.entries === size),
        "daemon",
        "peakMib",
      ),
    );
  return most > least ? [peakAt(most) / peakAt(least)] : [];
}

function judge(
  goal: string,
  options: { found: Found; holds: (values: readonly number[]) => boolean; digits?: number; unit?: string },
): Goal {
  const { holds, digits, unit = "" } = options;
  const found = options.found.filter(([, values]) => values.length > 0);
  return {
    goal,
    measured: found
      .map(([name, values]) => [name, spread(values, digits) + unit].filter(Boolean).join(": "))
      .join("; "),
    met: found.length > 0 ? found.every(([, values]) => holds(values)) : undefined,
  };
}
