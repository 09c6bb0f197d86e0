import { createHash } from "node:crypto";
import type { Report } from "../events.ts";
import type { Clock } from "../runtime/clock.ts";
import { errorCode, type Files } from "../runtime/files.ts";
import { createQueue } from "../runtime/queue.ts";
import { applyReload } from "./apply-reload.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type LoadOptions, loadConfig } from "./load.ts";

/** A configuration that picks up new secrets and certificates without a restart. */
export interface ReloadableConfig {
  /** The configuration of the start with the latest secrets and certificates. */
  current(): Config;
  /** Loads the configuration again and reports the outcome. Never rejects. */
  reload(report: Report): Promise<void>;
  /** Reloads if a file that the configuration refers to has changed. Never rejects. */
  refresh(report: Report): Promise<void>;
  /** Returns a signal that aborts at the next new secret or certificate. */
  changed(): AbortSignal;
}

/** A failed reload may have read half of a change. It is tried once more after this time. */
const SETTLE_MS = 1_000;
const never = new AbortController().signal;

/** Loads a configuration that can be reloaded. Rejects with `ConfigError`. */
export async function loadReloadableConfig(
  file: string,
  { files, env, clock }: LoadOptions & { readonly clock: Pick<Clock, "now" | "sleep"> },
): Promise<ReloadableConfig> {
  let digests = new Map<string, string>();
  let change = new AbortController();

  async function load(): Promise<Config> {
    const read = new Map<string, string>();
    const readFile = async (name: string, encoding: "utf8") => {
      const text = await files.readFile(name, encoding).catch((error: unknown) => {
        read.set(name, `fault ${errorCode(error)}`);
        throw error;
      });
      read.set(name, digestOf(text));
      return text;
    };
    try {
      return await loadConfig(file, { files: { readFile } as Pick<Files, "readFile">, env, clock });
    } finally {
      read.delete(file);
      digests = read;
    }
  }

  async function hasChanged(): Promise<boolean> {
    for (const [name, digest] of digests) {
      const now = await files.readFile(name, "utf8").then(digestOf, (error: unknown) => `fault ${errorCode(error)}`);
      if (now !== digest) return true;
    }
    return false;
  }

  async function reload(report: Report): Promise<void> {
    let fresh: Config;
    try {
      fresh = await load().catch(async () => {
        await clock.sleep(SETTLE_MS, never);
        return load();
      });
    } catch (error) {
      const why = error instanceof ConfigError ? error.faults.join("; ") : String(error);
      return report({ event: "configuration_not_reloaded", why });
    }
    const result = applyReload(config, fresh);
    config = result.config;
    report({ event: "configuration_reloaded", changed: result.changed });
    if (result.ignored.length > 0) report({ event: "restart_needed", changed: result.ignored });
    if (result.changed.length === 0) return;
    const previous = change;
    change = new AbortController();
    previous.abort();
  }

  let config = await load();
  // An older load must not overwrite the result of a newer one.
  const queue = createQueue();
  return {
    current: () => config,
    reload: (report) => queue(() => reload(report)),
    refresh: (report) => queue(async () => ((await hasChanged()) ? reload(report) : undefined)),
    changed: () => change.signal,
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
