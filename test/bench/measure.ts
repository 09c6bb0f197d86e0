import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { type Case, PAGE_SIZE } from "./case.ts";
import { runContestant } from "./contestant.ts";
import { deliveredIn, prepareDaemon } from "./daemon.ts";
import type { MeterReading } from "./meter.ts";
import { type Servers, startServers } from "./servers.ts";
import type { Task } from "./task.ts";
import type { Workshop } from "./workshop.ts";

/** Who is measured. */
export type Contestant = "daemon" | "stock" | "floor";

/** What one run has cost. */
export interface Figures {
  /** From Slack's first request to the sink's last acknowledgement. */
  readonly entriesPerSecond: number;
  /** User and system, without the start. */
  readonly cpuSecondsPerMillion: number;
  readonly startCpuSeconds: number;
  readonly peakMib: number;
  readonly longestStallMs: number;
  readonly wireBytesPerEntry: number;
  /** To the sink. */
  readonly requests: number;
  /** To Slack, for pages. */
  readonly pages: number;
}

/** About what a large organisation writes. */
const PER_SECOND = 40;

/** Runs one contestant through one case. Rejects where it did not deliver everything, or met any trouble. */
export async function measure(contestant: Contestant, load: Case, workshop: Workshop): Promise<Figures> {
  const { entries } = load;
  const meterFile = path.join(workshop.folder, "meter.json");
  using servers = await startServers(workshop, { ...load, perSecond: PER_SECOND });
  const run = contestant === "daemon" ? runDaemon : runWalker(contestant);
  await run(load, { servers, workshop, env: { BENCH_METER: meterFile } });

  const reading: MeterReading = JSON.parse(await readFile(meterFile, "utf8"));
  await rm(meterFile);
  const [slack, sink] = await Promise.all([servers.slackFigures(), servers.sinkFigures()]);
  const ms = (sink.lastAcknowledgedAtMs ?? Number.NaN) - (slack.firstRequestAtMs ?? Number.NaN);
  return {
    entriesPerSecond: (entries * 1_000) / ms,
    cpuSecondsPerMillion: (reading.workCpuSeconds * 1e6) / entries,
    startCpuSeconds: reading.startCpuSeconds,
    peakMib: reading.peakMib,
    longestStallMs: reading.longestStallMs,
    wireBytesPerEntry: sink.wireBytes / entries,
    requests: sink.requests,
    pages: slack.requests,
  };
}

interface ServerContext {
  readonly servers: Servers;
  readonly workshop: Workshop;
  readonly env: Readonly<Record<string, string>>;
}

/** Ends the daemon as soon as its log says that all is delivered. */
async function runDaemon(load: Case, { servers, workshop, env }: ServerContext): Promise<void> {
  const daemon = await prepareDaemon(workshop, servers, load);
  let delivered = 0;
  await runContestant({
    args: ["--import", workshop.meter, ...daemon.args],
    cwd: daemon.cwd,
    env: { ...daemon.env, ...env },
    onLine(line, { end }) {
      delivered += deliveredIn(line);
      if (delivered === load.entries) end();
    },
  });
  if (delivered !== load.entries) throw new Error(`The daemon delivered ${delivered} of ${load.entries} entries`);
}

/** The others walk over the log once and end by themselves. */
function runWalker(walker: "stock" | "floor") {
  return async (load: Case, { servers: { slack, sink }, workshop, env }: ServerContext): Promise<void> => {
    const task: Task = {
      ...load,
      logsUrl: `${slack.auditUrl}/logs?limit=${PAGE_SIZE}&oldest=${slack.oldest}&latest=${slack.newest}`,
      sinkUrl: `${sink.url}/v1/logs`,
    };
    const args = ["--import", workshop.meter, workshop[walker], JSON.stringify(task)];
    await runContestant({ args, cwd: workshop.folder, env });
  };
}
