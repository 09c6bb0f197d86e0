import type { Config } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { type LoadOptions, loadConfig } from "../../src/config/load.ts";

/** Files by name, and variables. */
export interface World {
  readonly env?: NodeJS.ProcessEnv;
  readonly files?: Readonly<Record<string, string>>;
}

export const NOW_MS = Date.UTC(2026, 0, 31);

/** Loads a configuration from text. */
export function load(text: string, { env = {}, files = {} }: World = {}): Promise<Config> {
  const content: Readonly<Record<string, string>> = { "receiver.yaml": text, ...files };
  const readFile = async (file: string) => {
    const found = content[file];
    if (found === undefined) throw Object.assign(new Error("No such file"), { code: "ENOENT" });
    return found;
  };
  const fakes = { readFile } as unknown as LoadOptions["files"];
  return loadConfig("receiver.yaml", { files: fakes, env, clock: { now: () => NOW_MS } });
}

/** The faults of a configuration; none if it loads. */
export async function faultsOf(text: string, world?: World): Promise<readonly string[]> {
  try {
    await load(text, world);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** The smallest valid configuration. */
export const SOURCE = "sources: { acme: { token: xoxp-1 } }\n";
