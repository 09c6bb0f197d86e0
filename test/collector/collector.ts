import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createWatch } from "../process/watch.ts";

/** How a Collector differs from the recommended one. */
export interface CollectorOptions {
  /** Where it sends to; by default nowhere, for one that writes to a file. */
  readonly backend?: string;
  /** Laid over config/collector.yaml, as the Collector does with a second configuration: maps are merged, lists replaced. */
  readonly overlay?: object;
  /** By default http. */
  readonly scheme?: "http" | "https";
}

/** A Collector in a process of its own that runs config/collector.yaml, with a folder of its own for what it stores. */
export interface Collector {
  /** For `export.endpoint`; it stays the same over restarts. */
  readonly url: string;
  /** As it was written by the exporter of `TO_FILE`; all of it is there once the Collector has stopped. */
  readonly file: string;
  /** Starts it again, on the same address and with what it stored. */
  start(): Promise<void>;
  /** Ends it and waits for the end: on SIGTERM it does all that it still wants to do. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An overlay: what arrives is written to a file, and goes nowhere else. */
export const TO_FILE = { service: { pipelines: { logs: { exporters: ["file"] } } } };

const CONFIG = fileURLToPath(new URL("../../config/collector.yaml", import.meta.url));
const BINARY = process.env.COLLECTOR_BINARY;

/** A test that needs a Collector: skipped, visibly, where there is none, or where something else that it needs is `missing`. */
export function testWithCollector(
  name: string,
  body: (t: TestContext) => Promise<void>,
  missing: string | false = false,
): void {
  const skip = BINARY
    ? missing
    : "COLLECTOR_BINARY is not set: test/collector/build.sh builds a Collector and prints where";
  test(name, { skip, timeout: 120_000 }, body);
}

/** Starts a Collector; resolves once it receives, rejects where it ends before. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { backend = "http://backend.invalid", overlay = {}, scheme = "http" } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-collector-"));
  const file = path.join(folder, "records.jsonl");
  const overlays = [
    // Its own metrics would take a port that is always the same.
    { service: { telemetry: { metrics: { level: "none" } } }, exporters: { file: { path: file } } },
    overlay,
  ].map((over) => `--config=yaml:${JSON.stringify(over)}`);
  let address = "127.0.0.1:0";
  let run: Run | undefined;

  const start = async () => {
    run = startRun([`--config=${CONFIG}`, ...overlays], {
      COLLECTOR_ENDPOINT: address,
      COLLECTOR_STORAGE: path.join(folder, "storage"),
      BACKEND_ENDPOINT: backend,
    });
    address = await run.ready;
  };
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => run?.end(signal);
  const dispose = async () => {
    await stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { url: `${scheme}://${address}`, file, start, stop, [Symbol.asyncDispose]: dispose };
}

interface Run {
  /** Resolves to the address on which it listens. */
  readonly ready: Promise<string>;
  end(signal: NodeJS.Signals): Promise<void>;
}

function startRun(args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const watch = createWatch();
  const child = spawn(String(BINARY), args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  let over = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    watch.changed();
  });
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      watch.changed();
      resolve();
    };
    child.once("error", end).once("close", end);
  });
  const isReady = () => {
    if (over) throw new Error(`The Collector ended before it was ready: ${log.slice(-2_000)}`);
    return log.includes("Everything is ready") && /"endpoint": "([^"]+)"/.exec(log)?.[1];
  };
  return {
    ready: watch.until(isReady, () => `for the Collector to be ready after ${log.slice(-2_000)}`),
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
