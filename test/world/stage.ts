import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { freePort } from "../../src/demo/http/listener.ts";
import { type DemoSlack, startSlack } from "../../src/demo/slack/slack.ts";
import { makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { type Collector, startCollector } from "./collector.ts";
import type { Environment } from "./row.ts";

/** The environment of one row: its own folder, Slack and collector. */
export interface Stage {
  readonly folder: string;
  readonly stateFolder: string;
  readonly slack: DemoSlack;
  readonly collector: Collector;
  /** Host and port of the daemon's pages. */
  readonly address: string;
  /** All entries of Slack. */
  readonly entries: readonly string[];
  /** Adds entries to Slack. */
  addEntries(count: number): void;
  /** Cleanups, called in reverse order at the end of the row. */
  readonly cleanups: (() => unknown)[];
  writeConfig(environment: Environment): Promise<string>;
  /** The ids of the dead letters. */
  setAside(): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

let rows = 0;

/** A loopback address that no other row or run uses, so that a free port on it stays free. */
function ownLoopback(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  rows++;
  return `127.${1 + (process.pid % 250)}.${Math.floor(rows / 250) % 250}.${1 + (rows % 250)}`;
}

/** Creates the environment of a row. */
export async function startStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-world-"));
  // Rows that run as another user read the configuration.
  await chmod(folder, 0o755);
  const stateFolder = path.join(folder, "state");
  const [slack, collector] = await Promise.all([
    startSlack({ callsPerMinute: Number.POSITIVE_INFINITY }),
    startCollector(),
  ]);
  const address = `${ownLoopback()}:${await freePort()}`;
  const from = nowSeconds() - 120;
  const entries: string[] = [];
  const cleanups: (() => unknown)[] = [];
  return {
    folder,
    stateFolder,
    slack,
    collector,
    address,
    entries,
    cleanups,
    addEntries(count) {
      const made = makeEntries(count, { from: nowSeconds() - 1 });
      slack.addMany(made);
      entries.push(...made.map(({ id }) => id));
    },
    async writeConfig({ config = {} }) {
      const file = path.join(folder, "receiver.yaml");
      const usual: Record<string, object> = {
        source: {
          token: slack.token,
          slack_url: slack.url,
          audit_url: slack.auditUrl,
          poll_interval: "1s",
          lookback: "30s",
          start_at: startAt(from),
          requests_per_minute: 100_000,
        },
        export: { endpoint: collector.url },
        state: { directory: stateFolder },
        http: { listen: address },
        log: { level: "info" },
      };
      const merged = Object.fromEntries(
        [...new Set([...Object.keys(usual), ...Object.keys(config)])].map((section) => [
          section,
          { ...usual[section], ...config[section] },
        ]),
      );
      const { source, ...sections } = merged;
      await writeFile(file, stringify({ sources: { acme: source }, ...sections, shutdown_grace: "2s" }));
      return file;
    },
    async setAside() {
      const letters = path.join(stateFolder, "dead-letters", "acme");
      const names = (await readdir(letters).catch(() => [])).filter((name) => name.endsWith(".ndjson"));
      const texts = await Promise.all(names.map((name) => readFile(path.join(letters, name), "utf8")));
      const lines = texts.flatMap((text) => text.split("\n").filter(Boolean));
      return lines.map((line): string => JSON.parse(line).record.attributes["log.record.uid"]);
    },
    async [Symbol.asyncDispose]() {
      for (const cleanup of cleanups.toReversed()) await cleanup();
      await Promise.all([slack.close(), collector.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
