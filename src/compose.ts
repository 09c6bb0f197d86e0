import path from "node:path";
import { collect } from "./collect.ts";
import { openConfiguredState } from "./compose/configured-state.ts";
import type { Host } from "./compose/host.ts";
import { createCollectorHttp, createSlackHttp } from "./compose/http-clients.ts";
import { renewCertificate, setupOf, startServers } from "./compose/servers.ts";
import {
  composeAccess,
  composeDeliver,
  composeSend,
  composeSource,
  type Shared,
  type SlackAccess,
} from "./compose/source.ts";
import type { Config, SourceConfig } from "./config/config.ts";
import type { ReloadableConfig } from "./config/reloadable-config.ts";
import type { Report } from "./events.ts";
import { createDeadLetters } from "./otlp/export/dead-letters.ts";
import { createDestination } from "./otlp/export/destination.ts";
import { aborted, type Shutdown } from "./runtime/shutdown.ts";
import { positionFromJson } from "./slack/audit/walk/position.ts";
import type { State } from "./state/state.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { createSelfLog } from "./telemetry/self-log.ts";
import type { SourceStart } from "./telemetry/source-state.ts";
import { createStatus } from "./telemetry/status.ts";
import type { WebServer } from "./web/server.ts";

/** The options of `runDaemon`. */
export interface DaemonOptions {
  readonly shutdown: Shutdown;
  readonly log: Report;
  /** Follows renewed secrets and certificates. Without it the values of the start stay in use. */
  readonly live?: ReloadableConfig | undefined;
  /** Shows a setup link to the person at this terminal. */
  readonly showLink?: ((source: string, link: string) => void) | undefined;
}

/** One source and its connection to Slack. */
interface Connected {
  readonly source: SourceConfig;
  readonly access: SlackAccess;
}

/**
 * Runs the daemon until `shutdown` ends it. `failed` is true when a source ended with an error. Rejects when the configuration
 * or the state cannot be used.
 */
export async function runDaemon(
  config: Config,
  host: Host,
  { shutdown, log, live, showLink }: DaemonOptions,
): Promise<{ readonly failed: boolean }> {
  const { clock, random, version } = host;
  const readers: Report[] = [log];
  const report: Report = (event) => {
    for (const reader of readers) reader(event);
  };
  const state = await openConfiguredState(config, host, report);
  const headers = () => (live?.current() ?? config).export.headers;
  const selfLog =
    config.telemetry.logs === "otlp" ? createSelfLog({ url: config.export.url, headers, version }) : undefined;
  const slackHttp = createSlackHttp(host);
  const collectorHttp = createCollectorHttp(config, host, live);
  const servers: WebServer[] = [];
  let connected: readonly Connected[] = [];
  try {
    const sources = config.sources.map((source) => sourceStart(source, state));
    const status = createStatus({ clock, version, sources });
    const metrics = createMetrics({ clock, version, sources });
    readers.push(status.report, metrics.report, ...(selfLog ? [selfLog.report] : []));
    const { grants, setupKeys, checkpoints } = state;
    const shared: Shared = { config, version, clock, random, report, slackHttp, grants, setupKeys, showLink, live };
    connected = config.sources.map((source) => ({ source, access: composeAccess(source, shared) }));
    const setups = connected.filter(({ source }) => !source.token).map(({ source, access }) => setupOf(source, access));
    const deps = { clock, report, status: status.snapshot, metrics: metrics.text, setups };
    const { address } = await startServers(config, deps, servers);
    if (live) for (const server of servers) renewCertificate(server, live);
    report({ event: "started", version, address, sources: sources.map(({ name }) => name) });

    const destination = createDestination(config.export, checkpoints);
    const deadLetters = createDeadLetters(path.join(config.state.directory, "dead-letters"), host);
    const { meterProvider } = metrics;
    const { stopping, hardStop } = shutdown;
    // Not earlier: a setup needs the server that shows its pages.
    for (const { access } of connected) void access.authorization.start();
    let failed = false;
    const collectFrom = async ({ source, access }: Connected): Promise<"finished" | "left"> => {
      const send = composeSend(source, shared, { http: collectorHttp, meterProvider, hardStop });
      const deliver = composeDeliver(source, { send, deadLetters, destination }, shared);
      try {
        await Promise.all([
          collect(composeSource(source, access, shared), { checkpoints, deliver, stopping, hardStop }),
          access.unknownNames.watch(stopping),
        ]);
        return "finished";
      } catch (error) {
        if (hardStop.aborted) return "left";
        const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
        report({ event: "failed", source: source.name, why });
        failed = true;
        shutdown.stop(`source ${source.name} failed`);
        return "left";
      }
    };
    // Waits for every source, also after one has failed: the others still use the clients, the server and the lock.
    const ends = await Promise.all(connected.map(collectFrom));
    report({ event: "stopped", left: config.sources.map(({ name }) => name).filter((_, i) => ends[i] === "left") });
    return { failed };
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(connected.map(({ access }) => access.authorization.close()));
    await Promise.all([slackHttp.close(), collectorHttp.close()]);
    // The rest of the own log may be lost: a collector that does not answer must not delay the end.
    if (selfLog) await Promise.race([selfLog.close(), aborted(shutdown.hardStop)]);
    await state.close();
  }
}

/** The state that an earlier run left for a source. */
function sourceStart({ name, token }: SourceConfig, { checkpoints, grants }: State): SourceStart {
  const stored = checkpoints.load(name);
  const grant = grants.load(name);
  return {
    name,
    authorized: Boolean(token || grant),
    ...(grant?.organisation && { organisation: grant.organisation }),
    ...(stored !== undefined && { position: positionFromJson(stored).through }),
  };
}
