import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Why this machine cannot use strace; false if it can. */
export function whyNoStrace(): string | false {
  if (process.platform !== "linux") return "strace is there on Linux only";
  const sleeper = spawn("sleep", ["60"]);
  const tried = spawnSync("timeout", ["-s", "INT", "1", "strace", "-p", String(sleeper.pid)], { encoding: "utf8" });
  sleeper.kill("SIGKILL");
  if (tried.error || tried.status === 127) return "strace is not installed";
  return tried.stderr.includes("attached") ? false : `strace may not attach here: ${tried.stderr.trim()}`;
}

/** A system call, counted among the traced calls of its name. */
export interface SystemCall {
  readonly name: string;
  /** From 1. */
  readonly index: number;
  /** The line of strace. */
  readonly text: string;
}

/** The calls to trace, and a fault to inject. */
export interface Injection {
  /** Traces calls on these paths only. */
  readonly paths: readonly string[];
  /** `fsync:signal=KILL:when=2`. */
  readonly inject?: string;
}

/** Parses the output of strace. */
export function parseCalls(seen: string): SystemCall[] {
  const counts = new Map<string, number>();
  return seen.split("\n").flatMap((text) => {
    const [, name] = /^(\w+)\(/.exec(text) ?? [];
    if (!name) return [];
    const index = (counts.get(name) ?? 0) + 1;
    counts.set(name, index);
    return [{ name, index, text }];
  });
}

/** Node's thread for file system calls. With one such thread, the order of calls is fixed. */
export function fileThreadOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).filter((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").startsWith("libuv-worker"),
  );
  if (threads.length !== 1) throw new Error(`Cannot choose a thread of process ${pid}: ${threads.length} are there`);
  return Number(threads[0]);
}

/** Traces a running thread. Resolves when tracing begins, with a function that ends it and returns the output. */
export async function attach(thread: number, { paths, inject }: Injection): Promise<() => Promise<string>> {
  const filters = ["-e", "trace=%file,%desc", ...paths.flatMap((path) => ["-P", path])];
  const args = [...filters, ...(inject ? ["-e", `inject=${inject}`] : []), "-p", String(thread)];
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  let seen = "";
  const ended = new Promise((resolve) => strace.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    strace.stderr.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      if (seen.includes("attached")) resolve();
    });
    void ended.then(() => reject(new Error(`Cannot trace thread ${thread}: ${seen}`)));
  });
  return async () => {
    strace.kill("SIGINT");
    await ended;
    return seen;
  };
}
