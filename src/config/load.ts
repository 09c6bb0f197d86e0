import type { Clock } from "../runtime/clock.ts";
import type { Files } from "../runtime/files.ts";
import { apply } from "./apply.ts";
import type { Config, ExportConfig, MappingConfig, SourceConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { checkEnvironment } from "./environment.ts";
import { expandTree } from "./expand.ts";
import { createFaults, type Faults } from "./faults.ts";
import { parseListen } from "./listen.ts";
import type { Values } from "./option.ts";
import { addOtelVariables } from "./otel-variables.ts";
import { pick } from "./pick.ts";
import { schema } from "./schema.ts";
import { parseSeverity } from "./severity.ts";
import { readSource } from "./source.ts";
import { readTls } from "./tls.ts";
import { parseTree } from "./tree.ts";
import { whyUnreadable } from "./unreadable.ts";
import { appendPath } from "./url.ts";

/** The world as far as the configuration depends on it. */
export interface LoadOptions {
  readonly files: Pick<Files, "readFile">;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Pick<Clock, "now">;
}

/** Reads, completes and checks the configuration. Rejects with `ConfigError`, which tells all faults at once. */
export async function loadConfig(file: string, { files, env, clock }: LoadOptions): Promise<Config> {
  const faults = createFaults();
  const tree = await expandTree(parseTree(await read(file, files), file), { files, env, faults });
  const given = pick(tree, schema, { at: "", faults });
  addOtelVariables(given, { env, faults });
  checkEnvironment(env, faults);
  const values = apply(schema, given, { at: "", faults });
  const sources = values.sources.map((source) => readSource(source, { clock, faults }));
  const config = await assemble(values, { sources, files, faults });
  if (faults.sentences().length > 0) throw new ConfigError(faults.sentences());
  return config;
}

type FileValues = Values<typeof schema>;

const MOST_CHARACTERS = 1_024 * 1_024;

async function read(file: string, files: Pick<Files, "readFile">): Promise<string> {
  try {
    const text = await files.readFile(file, "utf8");
    if (text.length <= MOST_CHARACTERS && !text.includes("\0")) return text;
    throw new ConfigError([
      `Cannot read configuration file "${file}": it is no text of YAML; name another with --config`,
    ]);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const remedy = "write one as config/minimal.yaml shows, or name yours with --config";
    throw new ConfigError([`Cannot read configuration file "${file}": ${whyUnreadable(error)}; ${remedy}`]);
  }
}

async function assemble(
  values: FileValues,
  { sources, files, faults }: { sources: readonly SourceConfig[]; files: Pick<Files, "readFile">; faults: Faults },
): Promise<Config> {
  const exportTls = await readTls(values.export.tls, { at: "export.tls.", files, faults });
  const httpTls = await readTls(values.http.tls, { at: "http.tls.", files, faults });
  const { host, port } = parseListen(values.http.listen) ?? { host: "127.0.0.1", port: 0 };
  const metrics = parseListen(values.http.metrics_listen);
  return {
    sources,
    export: toExport(values.export, exportTls),
    mapping: toMapping(values.mapping),
    state: { directory: values.state.directory, encryptionKey: values.state.encryption_key },
    http: { host, port, tls: httpTls, ...(metrics && { metrics }) },
    telemetry: values.telemetry,
    log: values.log,
    shutdownGraceMs: values.shutdown_grace,
    secrets: [
      ...sources.flatMap(({ clientSecret, token }) => [clientSecret, token]),
      ...values.export.headers.map(([, value]) => value),
      ...values.state.encryption_key.split(/[\s,]+/).flatMap((key) => [key, key.slice(key.indexOf(":") + 1)]),
    ].filter((secret, index, all) => secret !== "" && all.indexOf(secret) === index),
  };
}

function toExport(values: FileValues["export"], tls: ExportConfig["tls"]): ExportConfig {
  return {
    url: values.logs_endpoint || appendPath(values.endpoint, "/v1/logs"),
    protocol: values.protocol,
    headers: Object.fromEntries(values.headers),
    compression: values.compression,
    timeoutMs: values.timeout,
    tls,
    maxBatchRecords: values.max_batch_records,
    maxBatchBytes: values.max_batch_bytes,
    concurrency: values.concurrency,
  };
}

function toMapping(values: FileValues["mapping"]): MappingConfig {
  const { body, preset, description, severity, resource_attributes } = values;
  return {
    body,
    preset,
    description: description === "true",
    severity: severity.map(([glob, name]) => [glob, parseSeverity(name) ?? 0] as const),
    resourceAttributes: Object.fromEntries(resource_attributes),
  };
}
