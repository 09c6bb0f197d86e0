import type { MeterProvider } from "@opentelemetry/api";
import type { Config, SourceConfig } from "../config/config.ts";
import type { ReloadableConfig } from "../config/reloadable-config.ts";
import type { Report } from "../events.ts";
import type { Deliver, Grants, SetupKeys, Source } from "../model.ts";
import type { DeadLetters } from "../otlp/export/dead-letters.ts";
import { createDeliver } from "../otlp/export/deliver.ts";
import type { Destination } from "../otlp/export/destination.ts";
import { createSend, type Send } from "../otlp/export/send.ts";
import { recordEncodings } from "../otlp/protocols.ts";
import { type BufferPool, createBufferPool } from "../runtime/buffer-pool.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Http } from "../runtime/http.ts";
import type { Random } from "../runtime/random.ts";
import { createRateLimiter } from "../runtime/rate-limiter.ts";
import { createSlackClient, type SlackClient } from "../slack/api/client.ts";
import { pastedTokenRemedy } from "../slack/api/errors.ts";
import { createUnknownNameWatcher, type UnknownNameWatcher } from "../slack/audit/catalogue/unknown-name-watcher.ts";
import { createReader, type OpenPage } from "../slack/audit/decode/reader.ts";
import { createFilter } from "../slack/audit/mapping/glob.ts";
import { createMapping } from "../slack/audit/mapping/record.ts";
import { createResourceOf } from "../slack/audit/mapping/resource.ts";
import { createAuditSource } from "../slack/audit/walk/source.ts";
import type { Authorization } from "../slack/oauth/authorization.ts";
import { createAuthorization } from "../slack/oauth/create-authorization.ts";
import { fixedAuthorization } from "../slack/oauth/fixed-authorization.ts";
import { resolvePastedToken } from "../slack/oauth/pasted-token.ts";
import { createScrubber } from "../telemetry/log.ts";

/** The parts that the sources of one process share. */
export interface Shared {
  readonly config: Config;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  readonly slackHttp: Http;
  readonly grants: Grants;
  /** Follows renewed secrets and certificates. */
  readonly live?: ReloadableConfig | undefined;
  /** Makes the keys of open setups readable by the command `setup-link`. */
  readonly setupKeys?: SetupKeys | undefined;
  /** Shows a setup link to the person at this terminal. */
  readonly showLink?: ((source: string, link: string) => void) | undefined;
}

/** The connection to one organisation. */
export interface SlackAccess {
  readonly client: SlackClient;
  readonly authorization: Authorization;
  readonly unknownNames: UnknownNameWatcher;
}

/** The longest wait before a held request to Slack is tried again. */
const MAX_SLACK_PROBE_MS = 300_000;
const MAX_COLLECTOR_PROBE_MS = 60_000;
/** The records of a page of 9,999 entries take half of it. Larger buffers are not kept. */
const MAX_KEPT_BYTES = 32 * 1_024 * 1_024;

/** Connects a source to Slack: with its pasted token if it has one, else with a grant over OAuth. */
export function composeAccess(source: SourceConfig, shared: Shared): SlackAccess {
  const { clock, slackHttp: http, report, grants, random, setupKeys, showLink, live } = shared;
  const current = () => live?.current().sources.find(({ name }) => name === source.name) ?? source;
  const rateLimiter = createRateLimiter(source.requestsPerMinute, clock);
  const api = { source: source.name, auditUrl: source.auditUrl, http, clock, rateLimiter, report };
  const client = createSlackClient(api);
  const unknownNames = createUnknownNameWatcher(api);
  if (source.token) {
    const retryPolicy = { source: source.name, clock, random, report, probeMs: slackProbeMs(source) };
    const { enterpriseId, slackUrl } = source;
    const token = () => current().token;
    const resolve = (signal: AbortSignal) =>
      resolvePastedToken({ token: token(), enterpriseId, slackUrl, http, retryPolicy }, signal);
    const renewed = live && { current: token, changed: live.changed };
    return { client, unknownNames, authorization: fixedAuthorization(resolve, renewed) };
  }
  const authorization = createAuthorization({
    source: source.name,
    app: {
      slackUrl: source.slackUrl,
      clientId: source.clientId,
      redirectUrl: source.redirectUrl,
      setupUrl: source.setupUrl,
      enterpriseId: source.enterpriseId,
      get clientSecret() {
        return current().clientSecret;
      },
    },
    client,
    grants,
    http,
    clock,
    random,
    report,
    ...(setupKeys && { setupKeys }),
    showLink,
  });
  return { client, unknownNames, authorization };
}

/** Opens pages of entries, and keeps buffers for their records. */
export interface Reader {
  readonly openPage: OpenPage;
  readonly pool: BufferPool;
}

/** Makes the reader of one source. It takes milliseconds: the tables of the mapping are made here. */
export function composeReader(
  { config, version }: Pick<Shared, "config" | "version">,
  { reportUnknown }: Pick<UnknownNameWatcher, "reportUnknown">,
): Reader {
  const pool = createBufferPool(MAX_KEPT_BYTES);
  const mapping = createMapping({
    body: config.mapping.body,
    preset: config.mapping.preset,
    description: config.mapping.description,
    severity: config.mapping.severity,
    scope: { name: "slack-audit-receiver", version },
    reportUnknown,
  });
  return { openPage: createReader(mapping, { encoding: recordEncodings[config.export.protocol], pool }), pool };
}

/** Builds the source of one audit log: its pages hold encoded records. */
export function composeSource(
  source: SourceConfig,
  access: SlackAccess,
  shared: Shared,
  { openPage, pool }: Reader = composeReader(shared, access.unknownNames),
): Source {
  const { config, clock, random, report } = shared;
  return createAuditSource({
    client: access.client,
    authorization: access.authorization,
    source: source.name,
    limits: { lookback: source.lookbackSeconds, maxWindow: source.maxWindowSeconds },
    startAt: source.startAt,
    pageSize: source.pageSize,
    pollIntervalMs: source.pollIntervalMs,
    probeMs: slackProbeMs(source),
    ...(source.token && { tokenRemedy: pastedTokenRemedy }),
    wants: createFilter(source.includeActions, source.excludeActions),
    openPage,
    trim() {
      access.client.trim();
      pool.clear();
    },
    resourceOf: createResourceOf(source.name, config.mapping.resourceAttributes),
    clock,
    random,
    report,
  });
}

/** Builds the function that delivers the records of one source to the collector. */
export function composeDeliver(
  source: SourceConfig,
  { send, deadLetters, destination }: { send: Send; deadLetters: DeadLetters; destination: Destination },
  { config, clock, random, report, live }: Shared,
): Deliver {
  const probeMs = Math.min(source.pollIntervalMs, MAX_COLLECTOR_PROBE_MS);
  return createDeliver({
    source: source.name,
    send,
    deadLetters,
    destination,
    batches: { maxRecords: config.export.maxBatchRecords, maxBytes: config.export.maxBatchBytes },
    concurrency: config.export.concurrency,
    retryPolicy: { source: source.name, clock, random, report, probeMs, ...(live && { wake: live.changed }) },
  });
}

function slackProbeMs({ pollIntervalMs }: SourceConfig): number {
  return Math.min(5 * pollIntervalMs, MAX_SLACK_PROBE_MS);
}

/** Builds the exporter of one source. */
export function composeSend(
  source: SourceConfig,
  { config, clock, report, version, live }: Pick<Shared, "config" | "clock" | "report" | "version" | "live">,
  { http, meterProvider, hardStop }: { http: Http; meterProvider: MeterProvider; hardStop: AbortSignal },
): Send {
  const { url, protocol, compression, maxBatchBytes, timeoutMs } = config.export;
  const userAgent = `slack-audit-receiver/${version}`;
  return createSend({
    url,
    protocol,
    compression,
    timeoutMs,
    clock,
    http,
    meterProvider,
    hardStop,
    headers: () => ({ ...(live?.current() ?? config).export.headers, "user-agent": userAgent }),
    maxBytes: maxBatchBytes,
    scrub: createScrubber(() => (live?.current() ?? config).secrets),
    warn: (message) => report({ event: "collector_warned", source: source.name, message }),
  });
}
