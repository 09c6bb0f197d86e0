import type { Faults } from "./faults.ts";
import type { RawValues } from "./match-schema.ts";
import { listOptions, type Option, type Pair } from "./option.ts";
import { schema } from "./schema.ts";

/** The file sets one of these, or the variables do. The two are one choice. */
const ENDPOINTS = ["export.endpoint", "export.logs_endpoint"];

/**
 * Adds the values of the standard `OTEL_*` variables for keys that the file does not set; resource attributes are merged
 * one by one. An empty variable counts as unset (OpenTelemetry specification, "Environment variables").
 */
export function addOtelVariables(values: RawValues, { env, faults }: { env: NodeJS.ProcessEnv; faults: Faults }): void {
  const isUnset = (key: string) => !values.has(key) && !faults.touches(key);
  const fileHasEndpoint = !ENDPOINTS.every(isUnset);
  for (const { key, option } of listOptions(schema)) {
    if (key === "mapping.resource_attributes") addResource(values, { key, env, faults });
    else if (isUnset(key) && !(fileHasEndpoint && ENDPOINTS.includes(key))) {
      const variable = option.variables?.find((name) => env[name]);
      if (variable) addVariable(values, { key, option, variable, env, faults });
    }
  }
}

interface VariableOptions {
  readonly key: string;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: Faults;
}

function addVariable(values: RawValues, options: VariableOptions & { option: Option; variable: string }): void {
  const { key, option, variable, env, faults } = options;
  const text = env[variable] ?? "";
  faults.cameFrom(key, variable);
  if (option.format === "headers") values.set(key, readList(text, { ...options, variable }));
  else if (option.format === "duration") values.set(key, /^\d+$/.test(text) ? `${text}ms` : text);
  else values.set(key, text);
}

/** Takes each attribute from the first that has it: the file, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`. */
function addResource(values: RawValues, { key, env, faults }: VariableOptions): void {
  const fromFile = (values.get(key) ?? []) as readonly Pair[];
  const variable = "OTEL_RESOURCE_ATTRIBUTES";
  const attributes = readList(env[variable] ?? "", { key: variable, variable, faults });
  const service: readonly Pair[] = env.OTEL_SERVICE_NAME ? [["service.name", env.OTEL_SERVICE_NAME]] : [];
  values.set(key, [...new Map([...attributes, ...service, ...fromFile])]);
}

/** Reads a list in the form of W3C baggage: `name=value,name=value`, percent-encoded. */
function readList(text: string, { key, variable, faults }: { key: string; variable: string; faults: Faults }): Pair[] {
  try {
    return text
      .split(",")
      .filter((item) => item.trim() !== "")
      .map((item) => {
        const [, name, value] = /^\s*([^=\s][^=]*)=(.*)$/s.exec(item) ?? [];
        if (name === undefined || value === undefined) throw new URIError("No equals sign");
        return [decodeURIComponent(name.trim()), decodeURIComponent(value.trim())];
      });
  } catch {
    faults.cameFrom(key, variable);
    faults.add(key, "must be a list such as name=value,name=value with percent-encoded values");
    return [];
  }
}
