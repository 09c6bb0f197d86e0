import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Runs the program as process 1 of a new namespace. */
export const NAMESPACE: readonly string[] = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** Why this machine cannot make a namespace; false if it can. */
export function whyNoNamespace(): string | false {
  const tried = spawnSync("unshare", [...NAMESPACE.slice(1), "true"], { encoding: "utf8" });
  if (tried.error) return "unshare is not installed";
  return tried.status === 0 ? false : `this user may not make a process 1: ${tried.stderr.trim()}`;
}

/** The child process of `unshare`, by its number outside the namespace. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}
