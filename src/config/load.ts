import type { Clock } from "../runtime/clock.ts";
import type { Files } from "../runtime/files.ts";
import { problemsOfProxies } from "../runtime/proxies.ts";
import { completeValues } from "./complete-values.ts";
import type { Config, ExportConfig, MappingConfig, SourceConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { expandReferences } from "./expand-references.ts";
import { createFaults, describeReadError, type Faults } from "./faults.ts";
import { matchSchema } from "./match-schema.ts";
import type { Values } from "./option.ts";
import { addOtelVariables } from "./otel-variables.ts";
import { parseListen, parseSeverity } from "./scalars.ts";
import { schema } from "./schema.ts";
import { readSource } from "./source.ts";
import { readTls } from "./tls.ts";
import { appendPath } from "./url.ts";
import { parseYaml } from "./yaml.ts";

/** The side effects that loading needs. */
export interface LoadOptions {
  readonly files: Pick<Files, "readFile">;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Pick<Clock, "now">;
}

/** Reads the configuration, adds the defaults and checks it. Rejects with `ConfigError`, which holds all faults. */
export async function loadConfig(file: string, { files, env, clock }: LoadOptions): Promise<Config> {
  const faults = createFaults();
  const document = parseYaml(await readText(file, files), file);
  const expanded = await expandReferences(document, { files, env, faults });
  const given = matchSchema(expanded, schema, { prefix: "", faults });
  addOtelVariables(given, { env, faults });
  checkEnvironment(env, faults);
  const values = completeValues(schema, given, { prefix: "", faults });
  const sources = values.sources.map((source) => readSource(source, { clock, faults }));
  const config = await assemble(values, { sources, files, faults });
  if (faults.sentences().length > 0) throw new ConfigError(faults.sentences());
  return config;
}

type FileValues = Values<typeof schema>;

const MAX_CHARACTERS = 1_024 * 1_024;

async function readText(file: string, files: Pick<Files, "readFile">): Promise<string> {
  try {
    const text = await files.readFile(file, "utf8");
    if (text.length <= MAX_CHARACTERS && !text.includes("\0")) return text;
    throw new ConfigError([
      `Cannot read configuration file "${file}": it is not YAML text; name another with --config`,
    ]);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const remedy = "write one as config/minimal.yaml shows, or name yours with --config";
    throw new ConfigError([`Cannot read configuration file "${file}": ${describeReadError(error)}; ${remedy}`]);
  }
}

/** Checks variables that libraries would read or rely on unasked. */
function checkEnvironment(env: NodeJS.ProcessEnv, faults: Faults): void {
  for (const { variable, problem } of problemsOfProxies(env)) faults.add(variable, problem);
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
    faults.add(
      "NODE_TLS_REJECT_UNAUTHORIZED",
      "it would send the token to anybody; unset it, and name a private authority with export.tls.ca_file or NODE_EXTRA_CA_CERTS",
    );
  }
}

async function assemble(
  values: FileValues,
  { sources, files, faults }: { sources: readonly SourceConfig[]; files: Pick<Files, "readFile">; faults: Faults },
): Promise<Config> {
  const exportTls = await readTls(values.export.tls, { prefix: "export.tls.", files, faults });
  const httpTls = await readTls(values.http.tls, { prefix: "http.tls.", files, faults });
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
