import path from "node:path";
import { collect } from "./collect.ts";
import { assertPositions } from "./compose/assert-positions.ts";
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
import type { Clock } from "./runtime/clock.ts";
import type { Files } from "./runtime/files.ts";
import { createHttp, type Http } from "./runtime/http.ts";
import type { Random } from "./runtime/random.ts";
import { withRenewedHeaders } from "./runtime/renewed-headers.ts";
import { aborted, type Shutdown } from "./runtime/shutdown.ts";
import { positionFromJson } from "./slack/audit/walk/position.ts";
import { openState, readState, type State } from "./state/state.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { createSelfLog } from "./telemetry/self-log.ts";
import { createStatus } from "./telemetry/status.ts";
import type { WebServer } from "./web/server.ts";

/** The world around the program. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly version: string;
  /** Names this process to a second one. */
  readonly holder: string;
  /** The user that this process runs as, and its groups, where the system has numbers for them. */
  readonly uid: number | undefined;
  readonly groups: readonly number[];
}

const SLACK_TIMEOUT_MS = 120_000;
/** A page of 9,999 entries is 10 to 25 MB; two of this size and their records fit into the container of config/kubernetes.yaml. */
const MAX_SLACK_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_COLLECTOR_ANSWER_BYTES = 4 * 1024 * 1024;

/** Runs the daemon until `shutdown` ends. Resolves to the exit code; rejects where configuration or state cannot be used. */
export async function runDaemon(
  config: Config,
  host: Host,
  {
    shutdown,
    log,
    live,
    showLink,
  }: { shutdown: Shutdown; log: Report; live?: ReloadableConfig; showLink?: (source: string, link: string) => void },
): Promise<number> {
  const readers: Report[] = [log];
  const report: Report = (event) => {
    for (const reader of readers) reader(event);
  };
  const state = await openConfiguredState(config, host, report);
  const headers = () => (live?.current() ?? config).export.headers;
  const ownLog =
    config.telemetry.logs === "otlp" ? createSelfLog({ ...config.export, headers, version: host.version }) : undefined;
  const http = { slack: slackHttp(host), collector: collectorHttp(config, host, live) };
  const servers: WebServer[] = [];
  let accesses: readonly { source: SourceConfig; access: SlackAccess }[] = [];
  try {
    const known = config.sources.map((source) => ({ name: source.name, ...knownOf(source, state) }));
    const status = createStatus({ ...host, sources: known });
    const metrics = createMetrics({ ...host, sources: known });
    readers.push(status.report, metrics.report, ...(ownLog ? [ownLog.report] : []));
    const shared: Shared = { ...host, config, report, http: http.slack, ...state, showLink, ...(live && { live }) };
    accesses = config.sources.map((source) => ({ source, access: composeAccess(source, shared) }));
    const setups = accesses.filter(({ source }) => !source.token).map(({ source, access }) => setupOf(source, access));
    const ports = { ...host, report, status: status.snapshot, metrics: metrics.text, setups };
    const { address } = await startServers(config, ports, servers);
    if (live) for (const server of servers) renewCertificate(server, live);
    report({
      event: "started",
      version: host.version,
      address,
      sources: known.map(({ name }) => name),
    });

    const destination = createDestination(config.export, state.checkpoints);
    const sender = { http: http.collector, meterProvider: metrics.meterProvider, hardStop: shutdown.hardStop };
    // Only now can a browser reach a setup.
    for (const { access } of accesses) void access.authorization.start();
    // Nobody's end ends the wait for the others: what they have in flight needs the clients, the server and the lock.
    let failed = false;
    const left = await Promise.all(
      accesses.map(async ({ source, access }) => {
        const send = composeSend(source, shared, sender);
        const deadLetters = createDeadLetters(path.join(config.state.directory, "dead-letters"), host);
        const collecting = {
          ...shutdown,
          checkpoints: state.checkpoints,
          deliver: composeDeliver(source, { send, deadLetters, destination }, shared),
        };
        try {
          await Promise.all([
            collect(composeSource(source, access, shared), collecting),
            access.unknownNames.watch(shutdown.stopping),
          ]);
          return undefined;
        } catch (error) {
          if (shutdown.hardStop.aborted) return source.name;
          report({
            event: "failed",
            source: source.name,
            why: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
          failed = true;
          shutdown.stop(`source ${source.name} failed`);
          return source.name;
        }
      }),
    );
    report({ event: "stopped", left: left.filter((name) => name !== undefined) });
    return failed ? 1 : 0;
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(accesses.map(({ access }) => access.authorization.close()));
    await Promise.all([http.slack.close(), http.collector.close()]);
    // What is left of the own log may be lost: a dead collector must not hold up the end.
    if (ownLog) await Promise.race([ownLog.close(), aborted(shutdown.hardStop)]);
    await state.close();
  }
}

/** Opens the state folder that the configuration names. */
export async function openConfiguredState(config: Config, host: Host, report: Report): Promise<State> {
  const state = await openState({ ...host, ...config.state, report });
  try {
    assertPositions(config, state);
    return state;
  } catch (error) {
    await state.close();
    throw error;
  }
}

/** Reads the state folder that the configuration names, whoever holds it. */
export async function readConfiguredState(
  config: Config,
  host: Host,
  report: Report,
): Promise<Awaited<ReturnType<typeof readState>>> {
  const state = await readState({ ...host, ...config.state, report });
  assertPositions(config, state);
  return state;
}

/** The HTTP client for Slack. */
export function slackHttp({ clock, env }: Host): Http {
  return createHttp({ clock, timeoutMs: SLACK_TIMEOUT_MS, maxAnswerBytes: MAX_SLACK_ANSWER_BYTES }, env);
}

/** The HTTP client for the collector. With `live` each request has the certificates and header values of the moment. */
export function collectorHttp(config: Config, { clock, env }: Host, live?: ReloadableConfig): Http {
  const { timeoutMs, headers } = config.export;
  const current = () => (live?.current() ?? config).export;
  const limits = { timeoutMs, maxAnswerBytes: MAX_COLLECTOR_ANSWER_BYTES };
  const http = createHttp({ clock, tls: () => current().tls, ...limits }, env);
  return withRenewedHeaders(http, headers, () => current().headers);
}

/** What an earlier run left of a source. */
function knownOf({ name, token }: SourceConfig, { checkpoints, grants }: State) {
  const stored = checkpoints.load(name);
  const grant = grants.load(name);
  return {
    authorized: Boolean(token || grant),
    ...(grant?.organisation && { organisation: grant.organisation }),
    ...(stored !== undefined && { position: positionFromJson(stored).through }),
  };
}
