import type { MeterProvider } from "@opentelemetry/api";
import type { Config, SourceConfig } from "../config/config.ts";
import type { LiveConfig } from "../config/live.ts";
import type { Report } from "../events.ts";
import type { Deliver, Grants, SetupKeys, Source } from "../model.ts";
import type { DeadLetters } from "../otlp/export/dead-letters.ts";
import { createDeliver } from "../otlp/export/deliver.ts";
import type { Destination } from "../otlp/export/destination.ts";
import { createSend, type Send } from "../otlp/export/send.ts";
import { recordEncodings } from "../otlp/protocols.ts";
import { createBufferPool } from "../runtime/buffer-pool.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Http } from "../runtime/http.ts";
import type { Random } from "../runtime/random.ts";
import { createSlackClient, type SlackClient } from "../slack/api/client.ts";
import { pastedTokenRemedy } from "../slack/api/errors.ts";
import { createRateLimiter } from "../slack/api/rate-limiter.ts";
import { createDrift, type Drift } from "../slack/audit/catalogue/drift.ts";
import { createReader } from "../slack/audit/decode/reader.ts";
import { createFilter } from "../slack/audit/mapping/glob.ts";
import { createMapping } from "../slack/audit/mapping/record.ts";
import { createResourceOf } from "../slack/audit/mapping/resource.ts";
import { createAuditSource } from "../slack/audit/walk/source.ts";
import { type Authorization, createAuthorization } from "../slack/oauth/authorization.ts";
import { fixedAuthorization } from "../slack/oauth/fixed-authorization.ts";
import { grantOfPastedToken } from "../slack/oauth/pasted-token.ts";
import { createScrubber } from "../telemetry/log.ts";

/** What the sources of one process share. */
export interface Shared {
  readonly config: Config;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  readonly http: Http;
  readonly grants: Grants;
  /** The configuration with the secrets of the moment, where they are followed. */
  readonly live?: LiveConfig;
  /** Where the setups' keys lie for other commands; nowhere without. */
  readonly setupKeys?: SetupKeys;
  /** Shows a setup link to a person at this terminal. */
  readonly showLink?: ((source: string, link: string) => void) | undefined;
}

/** The way to one organisation. */
export interface SlackAccess {
  readonly client: SlackClient;
  readonly authorization: Authorization;
  readonly drift: Drift;
}

/** Long enough for people to mend what Slack refused, and cheap: one request. */
const LONGEST_SLACK_PROBE_MS = 300_000;
const LONGEST_COLLECTOR_PROBE_MS = 60_000;
/** The records of a page of 9,999 entries are a half of it; what is more is rather made again than kept. */
const LARGEST_KEPT_BYTES = 32 * 1_024 * 1_024;

/** The way to one organisation: its client, and the token that goes with it. */
export function composeAccess(source: SourceConfig, shared: Shared): SlackAccess {
  const { clock, http, report, grants, random, setupKeys, showLink, live } = shared;
  const current = () => live?.current().sources.find(({ name }) => name === source.name) ?? source;
  const rateLimiter = createRateLimiter(source.requestsPerMinute, clock);
  const api = { source: source.name, auditUrl: source.auditUrl, http, clock, rateLimiter, report };
  const client = createSlackClient(api);
  const drift = createDrift(api);
  if (source.token) {
    const retryPolicy = { source: source.name, clock, random, report, probeMs: slackProbeMs(source) };
    const { enterpriseId, slackUrl } = source;
    const token = () => current().token;
    const resolve = (signal: AbortSignal) =>
      grantOfPastedToken({ token: token(), enterpriseId, slackUrl, http, retryPolicy }, signal);
    const renewed = live && { current: token, changed: live.changed };
    return { client, drift, authorization: fixedAuthorization(resolve, renewed) };
  }
  const authorization = createAuthorization({
    source: source.name,
    app: {
      ...source,
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
  return { client, drift, authorization };
}

/** The audit log of one organisation, as pages of records. */
export function composeSource(source: SourceConfig, access: SlackAccess, shared: Shared): Source {
  const { config, version, clock, random, report } = shared;
  const outputs = createBufferPool(LARGEST_KEPT_BYTES);
  const mapping = createMapping({
    ...config.mapping,
    scope: { name: "slack-audit-receiver", version },
    reportUnknown: access.drift.reportUnknown,
  });
  return createAuditSource({
    ...access,
    source: source.name,
    limits: { lookback: source.lookbackSeconds, maxWindow: source.maxWindowSeconds },
    startAt: source.startAt,
    pageSize: source.pageSize,
    pollIntervalMs: source.pollIntervalMs,
    probeMs: slackProbeMs(source),
    ...(source.token && { tokenRemedy: pastedTokenRemedy }),
    wants: createFilter(source.includeActions, source.excludeActions),
    openPage: createReader(mapping, { encoding: recordEncodings[config.export.protocol], pool: outputs }),
    rest() {
      access.client.rest();
      outputs.clear();
    },
    resourceOf: createResourceOf(source.name, config.mapping.resourceAttributes),
    clock,
    random,
    report,
  });
}

/** The way of one source's pages to the collector. */
export function composeDeliver(
  source: SourceConfig,
  parts: { send: Send; deadLetters: DeadLetters; destination: Destination },
  { config, clock, random, report, live }: Shared,
): Deliver {
  const probeMs = Math.min(source.pollIntervalMs, LONGEST_COLLECTOR_PROBE_MS);
  return createDeliver({
    source: source.name,
    ...parts,
    batches: { maxRecords: config.export.maxBatchRecords, maxBytes: config.export.maxBatchBytes },
    concurrency: config.export.concurrency,
    retryPolicy: { source: source.name, clock, random, report, probeMs, ...(live && { wake: live.changed }) },
  });
}

function slackProbeMs({ pollIntervalMs }: SourceConfig): number {
  return Math.min(5 * pollIntervalMs, LONGEST_SLACK_PROBE_MS);
}

/** The exporter of one source's records. */
export function composeSend(
  source: SourceConfig,
  { config, clock, report, version, live }: Pick<Shared, "config" | "clock" | "report" | "version" | "live">,
  sender: { http: Http; meterProvider: MeterProvider; hardStop: AbortSignal },
): Send {
  const { url, protocol, headers, compression, maxBatchBytes, timeoutMs } = config.export;
  return createSend({
    url,
    protocol,
    compression,
    timeoutMs,
    clock,
    ...sender,
    headers: { ...headers, "user-agent": `slack-audit-receiver/${version}` },
    maxBytes: maxBatchBytes,
    scrub: createScrubber(() => (live?.current() ?? config).secrets),
    warn: (message) => report({ event: "collector_warned", source: source.name, message }),
  });
}
