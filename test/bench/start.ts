import { runContestant } from "./contestant.ts";
import { deliveredIn, prepareDaemon } from "./daemon.ts";
import { startServers } from "./servers.ts";
import type { Workshop } from "./workshop.ts";

/** How soon the daemon works, from the start of its process. */
export interface StartFigures {
  readonly firstRequestMs: number;
  readonly firstDeliveryMs: number;
}

/** More than a page. */
const LOG = { entries: 20_000, perSecond: 40, slackLatencyMs: 0, collectorLatencyMs: 0 };

/** Starts the daemon as a user does, without a meter, and ends it when it has delivered the first entries. */
export async function measureStart(workshop: Workshop): Promise<StartFigures> {
  using servers = await startServers(workshop, LOG);
  const daemon = await prepareDaemon(workshop, servers, {});
  const startedAtMs = Date.now();
  await runContestant({
    ...daemon,
    onLine(line, { end }) {
      if (deliveredIn(line) > 0) end();
    },
  });
  const [slack, sink] = await Promise.all([servers.slackFigures(), servers.sinkFigures()]);
  return {
    firstRequestMs: (slack.firstRequestAtMs ?? Number.NaN) - startedAtMs,
    firstDeliveryMs: (sink.firstAcknowledgedAtMs ?? Number.NaN) - startedAtMs,
  };
}
