import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProgram } from "../process/program.ts";
import { createWatch } from "../process/watch.ts";

const SAVER = path.join(import.meta.dirname, "saver.ts");

/** What a saver saves. */
export type Kind = "checkpoints" | "grants" | "dead-letters";

/** One line of a saver's output. */
export interface Line {
  readonly event: string;
  readonly saved?: number;
  readonly live?: string | null;
  readonly previous?: string | null;
}

/** A process that saves on command, in its own folder. */
export interface Saver {
  readonly directory: string;
  readonly pid: number;
  readonly lines: readonly Line[];
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** Makes it save three times. */
  go(): void;
  /** Waits for the `count`-th line of an event. */
  until(event: string, count?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a saver of one kind. */
export async function startSaver(kind: Kind): Promise<Saver> {
  const directory = await mkdtemp(path.join(tmpdir(), "receiver-saver-"));
  const watch = createWatch();
  const lines: Line[] = [];
  let over = false;
  const program = startProgram([directory, kind], {
    cwd: directory,
    env: { UV_THREADPOOL_SIZE: "1" },
    command: [process.execPath, SAVER],
    onChange() {
      const whole = program.output().stdout.split("\n").slice(lines.length, -1);
      lines.push(...whole.map((line): Line => JSON.parse(line)));
      watch.changed();
    },
  });
  const ended = program.ended.finally(() => {
    over = true;
    watch.changed();
  });
  return {
    directory,
    pid: program.pid,
    lines,
    ended,
    go: () => program.type("go\n"),
    async until(event, count = 1) {
      const reached = () => lines.filter((line) => line.event === event).length >= count;
      await watch.until(
        () => {
          if (over && !reached()) throw new Error(`The saver ended: ${program.output().stderr}`);
          return reached();
        },
        () => `for ${event} ${count} after ${JSON.stringify(program.output())}`,
      );
    },
    async [Symbol.asyncDispose]() {
      program.signal("SIGKILL");
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The paths that three saves of a kind use, after `before` others. */
export function pathsOf(kind: Kind, directory: string, before = 0): string[] {
  if (kind !== "dead-letters") {
    return [directory, ...filesOf(directory, `${kind}.json`), path.join(directory, `${kind}.json.previous`)];
  }
  const folder = path.join(directory, kind, "acme");
  const names = [1, 2, 3].map((more) => {
    const refusedAt = new Date((before + more) * 1_000).toISOString();
    return `${refusedAt.replace(/[-:]/g, "")}-00000000.ndjson`;
  });
  return [directory, path.dirname(folder), folder, ...names.flatMap((name) => filesOf(folder, name))];
}

/** A file and its temporary file. */
function filesOf(folder: string, name: string): string[] {
  return [path.join(folder, name), path.join(folder, `.${name}.${"0".repeat(16)}.tmp`)];
}
