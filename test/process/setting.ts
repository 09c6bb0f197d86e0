import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { type Sink, type SinkRecord, startSink } from "../../src/demo/sink/sink.ts";
import { type DemoSlack, type SlackOptions, startSlack } from "../../src/demo/slack/slack.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { type Ended, type Program, type ProgramOptions, startProgram } from "./program.ts";
import { createWatch, type Watch } from "./watch.ts";

/** Changes of the default test configuration. */
export interface Changes {
  /** Keys of the source `acme` that replace the defaults. */
  readonly source?: object;
  /** Replaces `acme`. */
  readonly sources?: object;
  readonly export?: object;
  readonly [section: string]: unknown;
}

type RunOptions = Partial<Pick<ProgramOptions, "env" | "command">>;

/** A Slack organisation, a collector, a folder, and the program. Disposal ends all programs and removes the folder. */
export interface Setting {
  readonly slack: DemoSlack;
  readonly sink: Sink;
  readonly folder: string;
  readonly stateFolder: string;
  /** Notified of every record that the sink accepts. */
  readonly watch: Watch;
  /** A source with a pasted token. It polls every second, with a lookback of five seconds. */
  source(slack?: DemoSlack, changes?: object): object;
  writeConfig(changes?: Changes): Promise<void>;
  /** Starts the daemon. Without `changes` it uses the configuration that exists. */
  daemon(changes?: Changes, options?: RunOptions): Promise<Daemon>;
  /** Starts a command on the existing configuration. */
  start(args: readonly string[], options?: RunOptions & Pick<ProgramOptions, "onChange">): Program;
  /** Runs a command to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Waits until the sink has `count` different entries. */
  delivered(count: number, where?: (record: SinkRecord) => boolean): Promise<void>;
  /** Starts another organisation. */
  slackToo(options?: SlackOptions): Promise<DemoSlack>;
  /** Reads a file of the state folder as text; empty when it does not exist. */
  readState(name: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSetting(slackOptions: SlackOptions = {}): Promise<Setting> {
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-process-"));
  const stateFolder = path.join(folder, "state");
  const file = path.join(folder, "receiver.yaml");
  const watch = createWatch();
  const sink = await startSink({ onRecords: watch.changed });
  const slacks: DemoSlack[] = [];
  const programs: Program[] = [];
  const slackToo = async (more: SlackOptions = {}) => {
    const slack = await startSlack({ callsPerMinute: Number.POSITIVE_INFINITY, ...more });
    slacks.push(slack);
    return slack;
  };
  const slack = await slackToo(slackOptions);

  const setting: Setting = {
    slack,
    sink,
    folder,
    stateFolder,
    watch,
    slackToo,
    source: (of = slack, changes = {}) => ({
      token: of.token,
      slack_url: of.url,
      audit_url: of.auditUrl,
      poll_interval: "1s",
      lookback: "5s",
      requests_per_minute: 100_000,
      ...changes,
    }),
    async writeConfig({ source, sources, export: more, ...others } = {}) {
      const config = {
        sources: sources ?? { acme: setting.source(slack, source) },
        export: { endpoint: sink.url, ...more },
        state: { directory: stateFolder },
        http: { listen: "127.0.0.1:0" },
        log: { level: "debug" },
        shutdown_grace: "2s",
        ...others,
      };
      await writeFile(file, stringify(config));
    },
    async daemon(changes, options) {
      if (changes) await setting.writeConfig(changes);
      const track = (program: Program) => programs.push(program);
      return startDaemon(["--config", file], { cwd: folder, ...options, onStart: track });
    },
    start(args, options) {
      const program = startProgram([...args, "--config", file], { cwd: folder, ...options });
      programs.push(program);
      return program;
    },
    run: (args, options) => setting.start(args, options).ended,
    async delivered(count, where = () => true) {
      const uids = () => new Set(sink.records.filter(where).map(({ uid }) => uid)).size;
      await watch.until(
        () => uids() >= count,
        () => `for ${count} entries, ${uids()} have come`,
      );
    },
    readState: (name) => readFile(path.join(stateFolder, name), "utf8").catch(() => ""),
    async [Symbol.asyncDispose]() {
      for (const program of programs) program.signal("SIGKILL");
      await Promise.all(programs.map(({ ended }) => ended));
      await Promise.all([sink, ...slacks].map((server) => server.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return setting;
}

/** A port that is free at this moment, for a server whose address must be known before it listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}
