import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createWatch } from "../process/watch.ts";

/** Options of `startCollector`. */
export interface CollectorOptions {
  /** The URL that it exports to. Omit it for a Collector that writes to a file. */
  readonly backend?: string;
  /** A second configuration over config/collector.yaml. The Collector merges maps and replaces lists. */
  readonly overlay?: object;
  /** By default http. */
  readonly scheme?: "http" | "https";
}

/** A Collector process with config/collector.yaml and a storage folder of its own. */
export interface Collector {
  /** The value for `export.endpoint`. A restart keeps it. */
  readonly url: string;
  /** The file that `TO_FILE` writes. It is complete once the Collector has stopped. */
  readonly file: string;
  /** Starts it again with the same address and storage folder. */
  start(): Promise<void>;
  /** Sends the signal and waits for the exit. On SIGTERM, the default, the Collector finishes its work first. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An overlay: all records are written to a file and exported nowhere. */
export const TO_FILE = { service: { pipelines: { logs: { exporters: ["file"] } } } };

const CONFIG = fileURLToPath(new URL("../../config/collector.yaml", import.meta.url));
const BINARY = process.env.COLLECTOR_BINARY;

/** Defines a test that needs a Collector. It is skipped, with the reason, if there is none or if `missing` is given. */
export function testWithCollector(
  name: string,
  body: (t: TestContext) => Promise<void>,
  missing: string | false = false,
): void {
  const skip = BINARY ? missing : "COLLECTOR_BINARY is not set: test/collector/build.sh builds one and prints its path";
  test(name, { skip, timeout: 120_000 }, body);
}

/** Starts a Collector. Resolves once it accepts requests; rejects if it exits before. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { backend = "http://backend.invalid", overlay = {}, scheme = "http" } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-collector-"));
  const file = path.join(folder, "records.jsonl");
  const overlays = [
    // The Collector serves its own metrics on a fixed port.
    { service: { telemetry: { metrics: { level: "none" } } }, exporters: { file: { path: file } } },
    overlay,
  ].map((config) => `--config=yaml:${JSON.stringify(config)}`);
  let address = "127.0.0.1:0";
  let running: CollectorProcess | undefined;

  const start = async () => {
    running = startProcess([`--config=${CONFIG}`, ...overlays], {
      COLLECTOR_ENDPOINT: address,
      COLLECTOR_STORAGE: path.join(folder, "storage"),
      BACKEND_ENDPOINT: backend,
    });
    address = await running.ready;
  };
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => running?.end(signal);
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

interface CollectorProcess {
  /** Resolves to the address that it listens on. */
  readonly ready: Promise<string>;
  end(signal: NodeJS.Signals): Promise<void>;
}

function startProcess(args: readonly string[], env: Readonly<Record<string, string>>): CollectorProcess {
  const watch = createWatch();
  const child = spawn(String(BINARY), args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  let exited = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    watch.changed();
  });
  const exit = Promise.withResolvers<void>();
  const onExit = () => {
    exited = true;
    watch.changed();
    exit.resolve();
  };
  child.once("error", onExit).once("close", onExit);
  const isReady = () => {
    if (exited) throw new Error(`The Collector exited before it was ready: ${log.slice(-2_000)}`);
    return log.includes("Everything is ready") && /"endpoint": "([^"]+)"/.exec(log)?.[1];
  };
  return {
    ready: watch.until(isReady, () => `for the Collector to be ready after ${log.slice(-2_000)}`),
    async end(signal) {
      child.kill(signal);
      await exit.promise;
    },
  };
}
