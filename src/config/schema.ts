import type { Schema } from "./option.ts";

/** The keys of the file. `sourceSchema` has those of a source: convict cannot describe a mapping of names to sections. */
export const schema = {
  sources: {
    doc: "One section per Slack organisation; its name is part of the stored position and of URLs",
    default: [],
    format: "sources",
    sensitive: true,
  },
  export: {
    endpoint: {
      doc: "OTLP/HTTP address of the collector; `/v1/logs` is appended",
      default: "http://localhost:4318",
      format: "url",
      variables: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    },
    logs_endpoint: {
      doc: "Whole address for logs, used as it is instead of `endpoint`",
      default: "",
      format: "url",
      variables: ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"],
    },
    protocol: {
      doc: "Encoding of requests",
      default: "http/protobuf",
      format: ["http/protobuf", "http/json"],
      variables: ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"],
    },
    headers: {
      doc: "Headers of every request, such as `Authorization`",
      default: [],
      format: "headers",
      variables: ["OTEL_EXPORTER_OTLP_LOGS_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"],
      sensitive: true,
    },
    compression: {
      doc: "Compression of requests; zstd is cheaper and smaller where the collector takes it",
      default: "gzip",
      format: ["gzip", "zstd", "none"],
      variables: ["OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"],
    },
    timeout: {
      doc: "Longest wait for the answer to a request; milliseconds in the variables",
      default: "10s",
      format: "duration",
      min: "100ms",
      max: "10m",
      variables: ["OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
    },
    tls: {
      ca_file: {
        doc: "PEM file of the authorities to trust, instead of the public ones",
        default: "",
        format: "text",
        variables: ["OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"],
      },
      cert_file: {
        doc: "PEM file of the client certificate",
        default: "",
        format: "text",
        variables: ["OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"],
      },
      key_file: {
        doc: "PEM file of the client certificate's key",
        default: "",
        format: "text",
        variables: ["OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_KEY"],
      },
    },
    max_batch_records: { doc: "Most records in a request", default: "500", format: "count", min: "1", max: "10000" },
    max_batch_bytes: {
      doc: "Most bytes in a request, before compression",
      default: "1MiB",
      format: "size",
      min: "16KiB",
      max: "64MiB",
    },
    concurrency: { doc: "Requests in flight for one page", default: "4", format: "count", min: "1", max: "64" },
  },
  mapping: {
    body: {
      doc: "Body of a record: Slack's own text, the entry as a map, or nothing",
      default: "json",
      format: ["json", "map", "none"],
    },
    preset: {
      doc: "Vocabulary of the attributes: OpenTelemetry's, Elastic's or OCSF's; the body is the same in all",
      default: "otel",
      format: ["otel", "ecs", "ocsf"],
    },
    description: {
      doc: "Adds what the action means, in a few words, as `slack.audit.description`",
      default: "false",
      format: ["false", "true"],
    },
    severity: {
      doc: "Severities by action, glob or `category:<glob>`, such as `user_login_failed: ERROR`; the first that fits wins over the built-in table",
      default: [],
      format: "severities",
    },
    resource_attributes: {
      doc: "Attributes added to the resource of every record; each wins over the variables",
      default: [],
      format: "attributes",
      variables: ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"],
    },
  },
  state: {
    directory: { doc: "Folder of positions, grants and dead letters", default: "./state", format: "path" },
    encryption_key: {
      doc: "Keys of the stored grants: 32 bytes as base64 (`openssl rand -base64 32`), several as `id:key`, the first of which seals; empty: one is made, kept in the folder",
      default: "",
      format: "keys",
      sensitive: true,
    },
  },
  http: {
    listen: { doc: "Address of setup, status, health and metrics", default: "127.0.0.1:8080", format: "listen" },
    metrics_listen: {
      doc: "Address of health and metrics alone, such as `127.0.0.1:9090`; empty: with the others, on `listen`",
      default: "",
      format: "listen",
    },
    tls: {
      cert_file: { doc: "PEM file of the server's certificate; empty: plain HTTP", default: "", format: "text" },
      key_file: { doc: "PEM file of the certificate's key", default: "", format: "text" },
    },
  },
  telemetry: {
    logs: {
      doc: "Sends the receiver's own log to the collector as well: `otlp`",
      default: "none",
      format: ["none", "otlp"],
    },
  },
  log: {
    level: { doc: "Least level written", default: "info", format: ["debug", "info", "warn", "error"] },
    format: { doc: "JSON for machines, text for people", default: "json", format: ["json", "text"] },
  },
  shutdown_grace: {
    doc: "How long a stop waits for requests in flight",
    default: "8s",
    format: "duration",
    min: "0s",
    max: "10m",
  },
} as const satisfies Schema;
