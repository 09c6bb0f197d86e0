import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { SinkFigures } from "./sink.ts";
import type { BenchSlackOptions } from "./slack.ts";
import type { Workshop } from "./workshop.ts";

/** A Slack and a sink, each in a process of its own; both gone at the end, whatever happens. */
export interface Servers {
  readonly slack: { readonly url: string; readonly auditUrl: string; readonly newest: number; readonly oldest: number };
  readonly sink: { readonly url: string };
  slackFigures(): Promise<SlackFigures>;
  sinkFigures(): Promise<SinkFigures>;
  [Symbol.dispose](): void;
}

/** What Slack was asked. */
export interface SlackFigures {
  /** For pages. */
  readonly requests: number;
  readonly firstRequestAtMs: number | undefined;
}

/** How much is in the log, how dense, and how long each answer takes. */
export interface ServersOptions extends Pick<BenchSlackOptions, "entries" | "perSecond"> {
  readonly slackLatencyMs: number;
  readonly collectorLatencyMs: number;
}

/** Starts both. The newest entry is a second old. */
export async function startServers(workshop: Workshop, options: ServersOptions): Promise<Servers> {
  const { entries, perSecond, slackLatencyMs, collectorLatencyMs } = options;
  const newest = Math.floor(Date.now() / 1_000) - 1;
  const slack = fork(workshop.slack, [JSON.stringify({ entries, perSecond, newest, latencyMs: slackLatencyMs })]);
  const sink = fork(workshop.sink, [JSON.stringify({ latencyMs: collectorLatencyMs })]);
  // Taken in this order: a message that nobody waits for is lost.
  const [slackAt, sinkAt] = await Promise.all([next(slack), next(sink)]);
  return {
    slack: {
      ...(slackAt as { url: string; auditUrl: string }),
      newest,
      oldest: newest - Math.ceil(entries / perSecond),
    },
    sink: sinkAt as { url: string },
    slackFigures: () => ask(slack) as Promise<SlackFigures>,
    sinkFigures: () => ask(sink) as Promise<SinkFigures>,
    [Symbol.dispose]: () => {
      for (const child of [slack, sink]) child.kill("SIGKILL");
    },
  };
}

function ask(child: ChildProcess): Promise<unknown> {
  const answer = next(child);
  child.send("figures");
  return answer;
}

async function next(child: ChildProcess): Promise<unknown> {
  const [message] = await once(child, "message");
  return message;
}
