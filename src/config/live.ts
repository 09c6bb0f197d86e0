import { createHash } from "node:crypto";
import type { Report } from "../events.ts";
import type { Clock } from "../runtime/clock.ts";
import { errorCode, type Files } from "../runtime/files.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type LoadOptions, loadConfig } from "./load.ts";
import { takeOver } from "./take-over.ts";

/** A configuration whose secrets and certificates follow the files that they come from. */
export interface LiveConfig {
  /** The configuration of the start, with the secrets and certificates of now. */
  current(): Config;
  /** Reads everything again and says what came of it. Never rejects. */
  reload(report: Report): Promise<void>;
  /** Reads everything again where a file that the configuration refers to has changed. Never rejects. */
  refresh(report: Report): Promise<void>;
  /** Aborts when a secret or certificate changes next. */
  changed(): AbortSignal;
}

/** Half of a change may be there while it is made: it is read once more after this time before anything is said. */
const SETTLE_MS = 1_000;
const never = new AbortController().signal;

/** Loads a configuration and keeps what it takes to read it again. Rejects with `ConfigError`. */
export async function loadLiveConfig(
  file: string,
  { files, env, clock }: LoadOptions & { readonly clock: Pick<Clock, "now" | "sleep"> },
): Promise<LiveConfig> {
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
    const taken = takeOver(config, fresh);
    config = taken.config;
    report({ event: "configuration_reloaded", changed: taken.changed });
    if (taken.ignored.length > 0) report({ event: "restart_needed", changed: taken.ignored });
    if (taken.changed.length === 0) return;
    const arrived = change;
    change = new AbortController();
    arrived.abort();
  }

  let config = await load();
  let last = Promise.resolve();
  /** One after the other: an older reading must not end on top. */
  const inTurn = (work: () => Promise<void>) => {
    last = last.then(work);
    return last;
  };
  return {
    current: () => config,
    reload: (report) => inTurn(() => reload(report)),
    refresh: (report) => inTurn(async () => ((await hasChanged()) ? reload(report) : undefined)),
    changed: () => change.signal,
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
