import type { Config, SourceConfig } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** The option of every command: the path of the configuration file. */
export interface ConfigOption {
  readonly config: string;
}

/** Loads the configuration. Rejects with `ConfigError`. */
export function load({ config }: ConfigOption, terminal: Terminal): Promise<Config> {
  const { files, env, clock } = terminal;
  return loadConfig(config, { files, env, clock });
}

/** Finds the source by its name. Without a name, the configuration must have exactly one. Throws `UsageError`. */
export function chooseSource({ sources }: Config, name: string | undefined): SourceConfig {
  const known = sources.map((source) => source.name).join(", ");
  const [first, ...others] = sources;
  if (name === undefined && first && others.length === 0) return first;
  if (name === undefined)
    throw new UsageError(`Cannot choose a source: there are several; name one of them with --source: ${known}`);
  const chosen = sources.find((source) => source.name === name);
  if (!chosen) throw new UsageError(`Cannot find source "${name}": the configuration has: ${known}`);
  return chosen;
}
