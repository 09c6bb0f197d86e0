import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { StatusSnapshot } from "../../src/model.ts";
import type { Environment } from "./row.ts";

/** The daemon of a row. */
export interface WorldProcess {
  readonly pid: number;
  /** Its exit code after the end; null when a signal ended it. */
  exit(): number | null | undefined;
  readonly ended: Promise<void>;
  /** Its output, as far as it was read. */
  printed(): string;
  /** Its /status.json; undefined without an answer. */
  status(): Promise<StatusSnapshot | undefined>;
  signal(name: NodeJS.Signals): void;
}

/** The tested program: the sources, or the file that `RECEIVER` names, such as a build. */
const MAIN = process.env.RECEIVER ?? fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/process-tests", import.meta.url));

/** Starts the real program, without the environment of this process. */
export function startProcess(
  file: string,
  { address, environment }: { address: string; environment: Environment },
): WorldProcess {
  const { prefix = [], node = process.execPath, main = MAIN, env = {}, stdout = "read" } = environment;
  const [program = node, ...args] = [...prefix, node, main, "run", "--config", file];
  const full = stdout === "full" ? openSync("/dev/full", "w") : undefined;
  const child: ChildProcess = spawn(program, args, {
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ["ignore", full ?? "pipe", "pipe"],
  });
  if (full !== undefined) closeSync(full);
  let text = "";
  let exit: number | null | undefined;
  child.stdout?.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    if (stdout === "closed" && text.includes("\n")) child.stdout?.destroy();
  });
  child.stderr?.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      text += error.message;
      exit ??= null;
      resolve();
    });
    child.once("exit", (code) => {
      exit = code;
    });
    child.once("close", () => resolve());
  });
  return {
    pid: child.pid ?? 0,
    exit: () => exit,
    ended,
    printed: () => text,
    async status() {
      try {
        const answer = await fetch(`http://${address}/status.json`, { signal: AbortSignal.timeout(2_000) });
        return (await answer.json()) as StatusSnapshot;
      } catch {
        return undefined;
      }
    },
    signal: (name) => void child.kill(name),
  };
}
