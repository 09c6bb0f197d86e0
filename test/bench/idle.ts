import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runContestant } from "./contestant.ts";
import { deliveredIn, prepareDaemon } from "./daemon.ts";
import { startServers } from "./servers.ts";
import type { Workshop } from "./workshop.ts";

/** What the daemon takes while nothing happens. */
export interface IdleFigures {
  readonly sources: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly residentMib: number;
  readonly peakMib: number;
}

/** How long is waited until what starting costs is over, and how long is watched then. */
export interface IdleOptions {
  readonly settleMs: number;
  readonly watchMs: number;
}

/** An organisation at night: every poll finds these once more within its lookback, and nothing new. */
const LOG = { entries: 300, perSecond: 1, slackLatencyMs: 0, collectorLatencyMs: 0 };
/** In which Linux counts CPU time, whatever the kernel's own ticks are (proc(5), `CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Watches a daemon that has delivered everything and polls at its default interval. */
export async function measureIdle(
  sources: number,
  { settleMs, watchMs }: IdleOptions,
  workshop: Workshop,
): Promise<IdleFigures> {
  using servers = await startServers(workshop, LOG);
  let figures: IdleFigures | undefined;
  let awaited = sources * LOG.entries;
  const watch = async (pid: number) => {
    await sleep(settleMs);
    const before = ticksOf(pid);
    const startedAtMs = performance.now();
    await sleep(watchMs);
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const cpuPercent = ((ticksOf(pid) - before) / TICKS_PER_SECOND / seconds) * 100;
    figures = { sources, cpuPercent, residentMib: mibOf(pid, "VmRSS"), peakMib: mibOf(pid, "VmHWM") };
  };
  await runContestant({
    ...(await prepareDaemon(workshop, servers, { sources })),
    onLine(line, { pid, end }) {
      const fresh = deliveredIn(line);
      awaited -= fresh;
      if (fresh > 0 && awaited === 0) void watch(pid).finally(end);
    },
  });
  if (!figures) throw new Error("The idle daemon ended before it was watched");
  return figures;
}

/** User and system time of a process so far (proc(5), fields 14 and 15 of `stat`). */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Behind the name, which may hold anything but ends with the last parenthesis; the first field there is the third.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function mibOf(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1_024;
}
