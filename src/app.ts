import path from "node:path";
import type { MeterProvider } from "@opentelemetry/api";
import { assertPositions } from "./assert-positions.ts";
import { collect } from "./collect.ts";
import { composeAccess, composeDeliver, composeSource, type Shared, type SlackAccess } from "./compose-source.ts";
import type { Config, SourceConfig } from "./config/config.ts";
import { ConfigError } from "./config/config-error.ts";
import { createDeadLetters } from "./otlp/dead-letters.ts";
import { createExporter, type Send } from "./otlp/exporter.ts";
import { createOwnLog } from "./otlp/own-log.ts";
import type { Clock } from "./runtime/clock.ts";
import type { Report } from "./runtime/events.ts";
import type { Files } from "./runtime/files.ts";
import { createHttp, type Http } from "./runtime/http.ts";
import { aborted, type Life } from "./runtime/life.ts";
import { createScrubber } from "./runtime/log.ts";
import type { Random } from "./runtime/random.ts";
import { positionFromJson } from "./slack/audit/position.ts";
import { createFromManifestLink, manifest } from "./slack/manifest.ts";
import { openState, readState, type State } from "./state/state.ts";
import { createMetrics } from "./web/metrics.ts";
import { startServer, type WebServer } from "./web/server.ts";
import type { SetupPort } from "./web/setup-port.ts";
import { createStatus } from "./web/status.ts";

/** The world around the program. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly version: string;
  /** Names this process to a second one. */
  readonly holder: string;
}

const SLACK_TIMEOUT_MS = 120_000;
/** A page of 9,999 entries is 10 to 25 MB; two of this size and their records fit into the container of config/kubernetes.yaml. */
const MAX_SLACK_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_COLLECTOR_ANSWER_BYTES = 4 * 1024 * 1024;

/** Runs the daemon until `life` ends. Resolves to the exit code; rejects where configuration or state cannot be used. */
export async function runDaemon(
  config: Config,
  host: Host,
  { life, log }: { life: Life; log: Report },
): Promise<number> {
  const readers: Report[] = [log];
  const report: Report = (event) => {
    for (const reader of readers) reader(event);
  };
  const state = await openConfiguredState(config, host, report);
  const ownLog =
    config.telemetry.logs === "otlp" ? createOwnLog({ ...config.export, version: host.version }) : undefined;
  const http = { slack: slackHttp(host), collector: collectorHttp(config, host) };
  let server: WebServer | undefined;
  try {
    const known = config.sources.map((source) => ({ name: source.name, ...knownOf(source, state) }));
    const status = createStatus({ ...host, sources: known });
    const metrics = createMetrics({ ...host, sources: known });
    readers.push(status.report, metrics.report, ...(ownLog ? [ownLog.report] : []));
    const shared: Shared = { ...host, config, report, http: http.slack, grants: state.grants };
    const accesses = config.sources.map((source) => ({ source, access: composeAccess(source, shared) }));
    const setups = accesses.filter(({ source }) => !source.token).map(({ source, access }) => setupOf(source, access));
    const ports = { ...host, report, status: status.snapshot, metrics: metrics.text, setups };
    server = await startServer({ ...config.http, ...ports }).catch((error: Error) => {
      throw new ConfigError([error.message]);
    });
    report({
      event: "started",
      version: host.version,
      address: server.address,
      sources: known.map(({ name }) => name),
    });

    const sender = { http: http.collector, meterProvider: metrics.meterProvider, killed: life.killed };
    // Nobody's end ends the wait for the others: what they have in flight needs the clients, the server and the lock.
    let failed = false;
    const left = await Promise.all(
      accesses.map(async ({ source, access }) => {
        const send = composeSend(source, shared, sender);
        const deadLetters = createDeadLetters(path.join(config.state.directory, "dead-letters"), host);
        const collecting = {
          ...life,
          checkpoints: state.checkpoints,
          deliver: composeDeliver(source, { send, deadLetters }, shared),
        };
        try {
          await Promise.all([
            collect(composeSource(source, access, shared), collecting),
            access.drift.watch(life.stopping),
          ]);
          return undefined;
        } catch (error) {
          if (life.killed.aborted) return source.name;
          report({
            event: "failed",
            source: source.name,
            why: error instanceof Error ? (error.stack ?? error.message) : String(error),
          });
          failed = true;
          life.stop(`source ${source.name} failed`);
          return source.name;
        }
      }),
    );
    report({ event: "stopped", left: left.filter((name) => name !== undefined) });
    return failed ? 1 : 0;
  } finally {
    await server?.close();
    await Promise.all([http.slack.close(), http.collector.close()]);
    // What is left of the own log may be lost: a dead collector must not hold up the end.
    if (ownLog) await Promise.race([ownLog.close(), aborted(life.killed)]);
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

/** The HTTP client for the collector. */
export function collectorHttp({ export: { tls, timeoutMs } }: Config, { clock, env }: Host): Http {
  return createHttp({ clock, tls, timeoutMs, maxAnswerBytes: MAX_COLLECTOR_ANSWER_BYTES }, env);
}

/** The exporter of one source's records. */
export function composeSend(
  source: SourceConfig,
  { config, clock, report, version }: Pick<Shared, "config" | "clock" | "report" | "version">,
  sender: { http: Http; meterProvider: MeterProvider; killed: AbortSignal },
): Send {
  const { url, protocol, headers, compression, maxBatchBytes } = config.export;
  return createExporter({
    url,
    protocol,
    compression,
    clock,
    ...sender,
    headers: { ...headers, "user-agent": `slack-audit-receiver/${version}` },
    maxBytes: maxBatchBytes,
    scrub: createScrubber(config.secrets),
    warn: (message) => report({ event: "collector_warned", source: source.name, message }),
  });
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

/** The setup pages of one source. */
export function setupOf(source: SourceConfig, { authorization }: SlackAccess): SetupPort {
  const yaml = manifest({ redirectUrls: [source.redirectUrl] });
  return {
    ...authorization,
    source: source.name,
    redirectUrl: source.redirectUrl,
    slackUrl: source.slackUrl,
    manifestLink: createFromManifestLink(source.slackUrl, yaml),
  };
}
