import type { Level } from "../events.ts";
import type { Seconds } from "../model.ts";
import type { Tls } from "../runtime/http.ts";

/** The checked configuration: defaults added, files and variables read. */
export interface Config {
  readonly sources: readonly SourceConfig[];
  readonly export: ExportConfig;
  readonly mapping: MappingConfig;
  readonly state: { readonly directory: string; readonly encryptionKey: string };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly tls: Tls;
    /** Where health and metrics listen; absent: with the pages. */
    readonly metrics?: { readonly host: string; readonly port: number };
  };
  readonly telemetry: { readonly logs: "none" | "otlp" };
  readonly log: { readonly level: Level; readonly format: "json" | "text" };
  readonly shutdownGraceMs: number;
  /** Every secret value, for the log to redact. */
  readonly secrets: readonly string[];
}

/** One Slack organisation. */
export interface SourceConfig {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
  /** The URL of the setup page without its key; empty without a redirect URL. */
  readonly setupUrl: string;
  /** A pasted token; empty when OAuth obtains one. */
  readonly token: string;
  /** The only organisation accepted; empty: the first that grants. */
  readonly enterpriseId: string;
  readonly slackUrl: string;
  readonly auditUrl: string;
  readonly pollIntervalMs: number;
  readonly startAt: StartAt;
  readonly lookbackSeconds: Seconds;
  readonly maxWindowSeconds: Seconds;
  readonly pageSize: number;
  readonly requestsPerMinute: number;
  readonly includeActions: readonly string[];
  readonly excludeActions: readonly string[];
}

/** Where a source without a stored position begins: at a time, or this long before now. */
export type StartAt = { readonly at: Seconds } | { readonly secondsBack: Seconds };

/** How records reach the collector. */
export interface ExportConfig {
  /** The whole URL, with `/v1/logs`. */
  readonly url: string;
  readonly protocol: "http/protobuf" | "http/json";
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: "gzip" | "zstd" | "none";
  readonly timeoutMs: number;
  readonly tls: Tls;
  readonly maxBatchRecords: number;
  readonly maxBatchBytes: number;
  readonly concurrency: number;
}

/** How entries become records. */
export interface MappingConfig {
  readonly body: "json" | "map" | "none";
  readonly preset: "otel" | "ecs" | "ocsf";
  /** Whether each record has its action's description. */
  readonly description: boolean;
  /** Action or glob to OpenTelemetry severity number, in the order of the file; the first that fits counts. */
  readonly severity: readonly (readonly [pattern: string, severityNumber: number])[];
  /** Attributes of every record's resource, the `OTEL_*` variables' included. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
}
