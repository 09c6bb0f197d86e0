import type { Faults } from "./faults.ts";
import type { Pair } from "./names.ts";
import { listOptions, type Option } from "./option.ts";
import type { Given } from "./pick.ts";
import { schema } from "./schema.ts";

/** The endpoints are one choice: where the file makes it, no variable does. */
const ENDPOINTS = ["export.endpoint", "export.logs_endpoint"];

/**
 * Adds what the standard `OTEL_*` variables say to what the file says: where the file is silent, and attribute by attribute.
 * An empty variable counts as unset (OpenTelemetry specification, "Environment variables").
 */
export function addOtelVariables(given: Given, { env, faults }: { env: NodeJS.ProcessEnv; faults: Faults }): void {
  const silent = (key: string) => !given.has(key) && !faults.touches(key);
  const choosesEndpoint = !ENDPOINTS.every(silent);
  for (const { key, option } of listOptions(schema)) {
    if (key === "mapping.resource_attributes") addResource(given, { key, env, faults });
    else if (silent(key) && !(choosesEndpoint && ENDPOINTS.includes(key))) {
      const variable = option.variables?.find((name) => env[name]);
      if (variable) add(given, { key, option, variable, env, faults });
    }
  }
}

interface Addition {
  readonly key: string;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: Faults;
}

function add(given: Given, addition: Addition & { option: Option; variable: string }): void {
  const { key, option, variable, env, faults } = addition;
  const text = env[variable] ?? "";
  faults.cameFrom(key, variable);
  if (option.format === "headers") given.set(key, readList(text, { ...addition, variable }));
  else if (option.format === "duration") given.set(key, /^\d+$/.test(text) ? `${text}ms` : text);
  else given.set(key, text);
}

/** The file, then `OTEL_SERVICE_NAME`, then `OTEL_RESOURCE_ATTRIBUTES`: each attribute from the first that has it. */
function addResource(given: Given, { key, env, faults }: Addition): void {
  const fromFile = (given.get(key) ?? []) as readonly Pair[];
  const variable = "OTEL_RESOURCE_ATTRIBUTES";
  const attributes = readList(env[variable] ?? "", { key: variable, variable, faults });
  const service: readonly Pair[] = env.OTEL_SERVICE_NAME ? [["service.name", env.OTEL_SERVICE_NAME]] : [];
  given.set(key, [...new Map([...attributes, ...service, ...fromFile])]);
}

/** A list as in W3C baggage: `name=value,name=value`, percent-encoded. */
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
