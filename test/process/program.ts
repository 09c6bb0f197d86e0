import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createWatch } from "./watch.ts";

/** The exit code of the program, and its whole output. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program, in its own process. */
export interface Program {
  /** 0 when the process could not be started. */
  readonly pid: number;
  readonly ended: Promise<Ended>;
  output(): { readonly stdout: string; readonly stderr: string };
  /** Waits until standard output contains `text`. Rejects when the program ends without it, and after half a minute. */
  printed(text: string): Promise<unknown>;
  signal(name: NodeJS.Signals): void;
  type(text: string): void;
  /** Closes the reading end of the stream. */
  stopReading(stream: "stdout" | "stderr"): void;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The command that runs the program; by default this Node on the sources. */
  readonly command?: readonly string[];
  /** Called after each output, and at the end. */
  readonly onChange?: () => void;
}

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/process-tests", import.meta.url));

/** The command that runs the program on its sources. A test may put a wrapper before it, such as `setpriv`. */
export const NODE: readonly string[] = [process.execPath, MAIN];

/** The command that runs the program with a redirection of the shell, such as `>/dev/full`. */
export function redirected(redirection: string): readonly string[] {
  return ["sh", "-c", `exec "$@" ${redirection}`, "sh", ...NODE];
}

/** Starts `slack-audit-receiver` with these arguments, without the environment of this process. */
export function startProgram(args: readonly string[], { cwd, env, onChange, ...options }: ProgramOptions): Program {
  const [file = process.execPath, ...first] = options.command ?? [process.execPath, MAIN];
  const child = spawn(file, [...first, ...args], { cwd, env: { NODE_COMPILE_CACHE: COMPILED, ...env } });
  const output = { stdout: "", stderr: "" };
  const watch = createWatch();
  let over = false;
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      watch.changed();
      onChange?.();
    });
  }
  // Writing to a program that has ended is no error.
  child.stdin.on("error", () => {});
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      over = true;
      resolve({ code, ...output });
      watch.changed();
      onChange?.();
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => ({ ...output }),
    printed: (text) =>
      watch.until(
        () => {
          if (output.stdout.includes(text)) return true;
          if (over)
            throw new Error(`The program ended without "${text}": ${output.stderr}\n${output.stdout.slice(-2_000)}`);
          return false;
        },
        () => `for "${text}" after ${output.stderr}\n${output.stdout.slice(-2_000)}`,
      ),
    signal: (name) => void child.kill(name),
    type: (text) => void child.stdin.write(text),
    stopReading: (stream) => void child[stream].destroy(),
  };
}
