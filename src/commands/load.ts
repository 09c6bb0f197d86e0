import type { Config, SourceConfig } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** The option that every command has. */
export interface ConfigOption {
  readonly config: string;
}

/** Loads the configuration that a command names. */
export function load({ config }: ConfigOption, terminal: Terminal): Promise<Config> {
  return loadConfig(config, terminal);
}

/** The source that a command names; where it names none, the only one there is. Rejects what is not there with exit code 64. */
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
