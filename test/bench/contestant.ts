import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program to measure. */
export interface ContestantOptions {
  /** What Node is given. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line of its output. */
  readonly onLine?: (line: string, running: Running) => void;
}

/** A program on its way. */
export interface Running {
  readonly pid: number;
  /** Sends SIGTERM, the first time that it is called. */
  readonly end: () => void;
}

const LONGEST_RUN_MS = 900_000;

/** Runs it to its end, with nothing of this process's environment. Rejects where it fails, or `onLine` throws. */
export async function runContestant({ args, cwd, env = {}, onLine }: ContestantOptions): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: LONGEST_RUN_MS,
    killSignal: "SIGKILL",
  });
  const kill = () => void child.kill("SIGKILL");
  // It must not outlive this process, whatever ends that.
  process.once("exit", kill);
  const ended = once(child, "exit");
  // A second signal would break off the daemon's end.
  const running: Running = { pid: child.pid ?? 0, end: () => child.killed || child.kill("SIGTERM") };
  try {
    for await (const line of createInterface({ input: child.stdout })) onLine?.(line, running);
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code ?? signal}`);
  } finally {
    process.off("exit", kill);
    kill();
  }
}
