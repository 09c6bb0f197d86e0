import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Why a test that needs strace cannot run here; false where it can. */
export function whyNoStrace(): string | false {
  if (process.platform !== "linux") return "strace is there on Linux only";
  const sleeper = spawn("sleep", ["60"]);
  const tried = spawnSync("timeout", ["-s", "INT", "1", "strace", "-p", String(sleeper.pid)], { encoding: "utf8" });
  sleeper.kill("SIGKILL");
  if (tried.error || tried.status === 127) return "strace is not installed";
  return tried.stderr.includes("attached") ? false : `strace may not attach here: ${tried.stderr.trim()}`;
}

/** A call of the system, and which one of its name it is among those that count. */
export interface SystemCall {
  readonly name: string;
  /** From 1. */
  readonly index: number;
  /** As strace shows it. */
  readonly text: string;
}

/** Which calls count, and what happens to one of them. */
export interface Injection {
  /** Calls on these only. */
  readonly paths: readonly string[];
  /** `fsync:signal=KILL:when=2`. */
  readonly inject?: string;
}

/** The calls that strace has seen. */
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

/** The thread in which Node carries out calls on files; where there is one only, the order of calls is always the same. */
export function fileThreadOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).filter((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").startsWith("libuv-worker"),
  );
  if (threads.length !== 1) throw new Error(`Cannot choose a thread of process ${pid}: ${threads.length} are there`);
  return Number(threads[0]);
}

/** Traces a running thread. Resolves once it is traced; what comes back ends that, and tells what was seen. */
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
