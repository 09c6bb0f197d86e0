import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How the program ended, and all that it wrote. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program in a process of its own. */
export interface Program {
  /** The process's own number; 0 where it could not be started. */
  readonly pid: number;
  readonly ended: Promise<Ended>;
  output(): { readonly stdout: string; readonly stderr: string };
  /** Waits until this text stands in its output; for ever where it never does. */
  printed(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  type(text: string): void;
  /** Goes away as its reader. */
  stopReading(stream: "stdout" | "stderr"): void;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What runs the program; by default this Node on the sources. */
  readonly command?: readonly string[];
  /** Called whenever it wrote something, and when it ended. */
  readonly onChange?: () => void;
}

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/process-tests", import.meta.url));

/** What runs the program on its sources; a test puts something before it, such as another user. */
export const NODE: readonly string[] = [process.execPath, MAIN];

/** What runs the program with its standard streams as a shell sets them: `>/dev/full`. */
export function redirected(redirection: string): readonly string[] {
  return ["sh", "-c", `exec "$@" ${redirection}`, "sh", ...NODE];
}

/** Starts `slack-audit-receiver` with these arguments, and with nothing of this process's environment. */
export function startProgram(args: readonly string[], { cwd, env, onChange, ...options }: ProgramOptions): Program {
  const [file = process.execPath, ...first] = options.command ?? [process.execPath, MAIN];
  const child = spawn(file, [...first, ...args], { cwd, env: { NODE_COMPILE_CACHE: COMPILED, ...env } });
  const output = { stdout: "", stderr: "" };
  const awaited = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const look of awaited) look();
      onChange?.();
    });
  }
  // Who has ended does not read what is typed.
  child.stdin.on("error", () => {});
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, ...output });
      onChange?.();
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => ({ ...output }),
    printed: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!output.stdout.includes(text)) return;
          awaited.delete(look);
          resolve();
        };
        awaited.add(look);
        look();
      }),
    signal: (name) => void child.kill(name),
    type: (text) => void child.stdin.write(text),
    stopReading: (stream) => void child[stream].destroy(),
  };
}
