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

/** What a test's configuration has beside, or instead of, the usual. */
export interface Changes {
  /** Goes over the usual keys of the source `acme`. */
  readonly source?: object;
  /** Instead of `acme`. */
  readonly sources?: object;
  readonly export?: object;
  readonly [section: string]: unknown;
}

type ServerContext = Partial<Pick<ProgramOptions, "env" | "command">>;

/** A Slack organisation, a collector, a folder, and the program between them; all gone at the end, whatever happens. */
export interface Setting {
  readonly slack: DemoSlack;
  readonly sink: Sink;
  readonly folder: string;
  readonly stateFolder: string;
  /** Told of every record that the sink accepts. */
  readonly watch: Watch;
  /** A source with a pasted token; its polls are a second apart and read five seconds again. */
  source(slack?: DemoSlack, changes?: object): object;
  writeConfig(changes?: Changes): Promise<void>;
  /** Runs the daemon, on the configuration that is there already where `changes` is absent. */
  daemon(changes?: Changes, surroundings?: ServerContext): Promise<Daemon>;
  /** Starts a command on the configuration that is there. */
  start(args: readonly string[], surroundings?: ServerContext & Pick<ProgramOptions, "onChange">): Program;
  /** Runs a command to its end. */
  run(args: readonly string[], surroundings?: ServerContext): Promise<Ended>;
  /** Waits until so many different entries are at the sink. */
  delivered(count: number, where?: (record: SinkRecord) => boolean): Promise<void>;
  /** A further organisation. */
  slackToo(options?: SlackOptions): Promise<DemoSlack>;
  /** A file of the state folder as text; empty where there is none. */
  readState(name: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSetting(options: SlackOptions = {}): Promise<Setting> {
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
  const slack = await slackToo(options);

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
    async daemon(changes, surroundings) {
      if (changes) await setting.writeConfig(changes);
      const track = (program: Program) => programs.push(program);
      return startDaemon(["--config", file], { cwd: folder, ...surroundings, onStart: track });
    },
    start(args, surroundings) {
      const program = startProgram([...args, "--config", file], { cwd: folder, ...surroundings });
      programs.push(program);
      return program;
    },
    run: (args, surroundings) => setting.start(args, surroundings).ended,
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

/** A port that nobody uses, for what must know its address before it listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}
