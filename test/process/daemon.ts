import type { StatusSnapshot } from "../../src/model.ts";
import { type Ended, type Program, type ProgramOptions, startProgram } from "./program.ts";
import { createWatch } from "./watch.ts";

/** A line of the daemon's log, parsed. */
export type LogLine = { readonly event: string; readonly level: string; readonly source?: string } & Readonly<
  Record<string, unknown>
>;

/** A running daemon that listens. */
export interface Daemon {
  /** Scheme, host and port of `http.listen`. */
  readonly address: string;
  readonly pid: number;
  /** Its working folder. */
  readonly cwd: string;
  /** Its log until now. */
  readonly lines: readonly LogLine[];
  readonly ended: Promise<Ended>;
  output(): { readonly stdout: string; readonly stderr: string };
  /** Waits for the first line of an event that matches; earlier lines count. */
  until(event: string, matches?: (line: LogLine) => boolean): Promise<LogLine>;
  /** Waits for the first line of any event that matches. */
  untilLine(matches: (line: LogLine) => boolean): Promise<LogLine>;
  get(path: string, init?: RequestInit): Promise<Response>;
  status(): Promise<StatusSnapshot>;
  signal(name: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. `afterMs` is the time in between. */
  stop(name?: NodeJS.Signals): Promise<Ended & { readonly afterMs: number }>;
}

/** Starts the daemon. Resolves when it listens; rejects when it ends before. */
export async function startDaemon(
  args: readonly string[],
  { onStart, ...options }: ProgramOptions & { readonly onStart: (program: Program) => void },
): Promise<Daemon> {
  const watch = createWatch();
  const lines: LogLine[] = [];
  let read = 0;
  let over = false;
  const program = startProgram(args, {
    ...options,
    onChange() {
      const { stdout } = program.output();
      for (let end = stdout.indexOf("\n", read); end >= 0; end = stdout.indexOf("\n", read)) {
        lines.push(JSON.parse(stdout.slice(read, end)));
        read = end + 1;
      }
      watch.changed();
    },
  });
  onStart(program);
  void program.ended.then(() => {
    over = true;
    watch.changed();
  });
  const tail = () => `${program.output().stderr}\n${program.output().stdout.slice(-2_000)}`;
  const find = (matches: (line: LogLine) => boolean, what: string) => {
    const found = lines.find(matches);
    if (!found && over) throw new Error(`The daemon ended without ${what}: ${tail()}`);
    return found;
  };
  const untilLine = (matches: (line: LogLine) => boolean, what = "a line") =>
    watch.until(
      () => find(matches, what),
      () => `for ${what} after ${tail()}`,
    );
  const until = (event: string, matches: (line: LogLine) => boolean = () => true) =>
    untilLine((line) => line.event === event && matches(line), `"${event}"`);

  const address = String((await until("started")).address);
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, address), init);
  return {
    address,
    pid: program.pid,
    cwd: options.cwd,
    lines,
    ended: program.ended,
    output: program.output,
    until,
    untilLine: (matches) => untilLine(matches),
    get,
    status: async () => (await get("/status.json")).json() as Promise<StatusSnapshot>,
    signal: program.signal,
    async stop(name = "SIGTERM") {
      const before = performance.now();
      program.signal(name);
      return { ...(await program.ended), afterMs: performance.now() - before };
    },
  };
}
