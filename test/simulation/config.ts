import type { Config, SourceConfig } from "../../src/config/config.ts";
import type { Schedule, SourceSchedule } from "./schedule.ts";

/** The folder of the simulated disk that holds the state. */
export const STATE_FOLDER = "/state";

/** The token that the configuration has for a source. */
export function tokenOf(source: string): string {
  return `xoxp-${source}`;
}

/** The id of a source's organisation. */
export function organisationIdOf(source: string): string {
  return `E${source.toUpperCase()}`;
}

/** The configuration that the daemon of a schedule runs with. */
export function configOf({ sources, exporter }: Schedule): Config {
  return {
    sources: sources.map(sourceConfigOf),
    export: {
      url: "http://collector.test/v1/logs",
      protocol: "http/protobuf",
      headers: {},
      // Compression works in other threads: its end is no part of the schedule.
      compression: "none",
      timeoutMs: 10_000,
      tls: {},
      maxBatchRecords: exporter.maxBatchRecords,
      maxBatchBytes: 1_000_000,
      concurrency: exporter.concurrency,
    },
    mapping: { body: "json", preset: "otel", description: false, severity: [], resourceAttributes: {} },
    state: { directory: STATE_FOLDER, encryptionKey: "" },
    http: { host: "127.0.0.1", port: 0, tls: {} },
    telemetry: { logs: "none" },
    log: { level: "info", format: "json" },
    shutdownGraceMs: 8_000,
    secrets: sources.map(({ name }) => tokenOf(name)),
  };
}

/** An action that the configuration excludes. */
export const UNWANTED_ACTION = "noise";

function sourceConfigOf({ name, settings }: SourceSchedule): SourceConfig {
  return {
    name,
    clientId: "",
    clientSecret: "",
    redirectUrl: "",
    setupUrl: "",
    token: tokenOf(name),
    enterpriseId: settings.namesOrganisation ? organisationIdOf(name) : "",
    slackUrl: `https://${name}.slack.test`,
    auditUrl: `https://${name}.slack.test/audit/v1`,
    pollIntervalMs: settings.pollIntervalMs,
    startAt: settings.startAt,
    lookbackSeconds: settings.lookback,
    maxWindowSeconds: settings.maxWindow,
    pageSize: settings.pageSize,
    requestsPerMinute: settings.requestsPerMinute,
    includeActions: [],
    excludeActions: [UNWANTED_ACTION],
  };
}
