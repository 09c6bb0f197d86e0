import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What makes the program process 1 of a namespace of its own. */
export const NAMESPACE: readonly string[] = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** Why there can be no second process 1 here; false where there can. */
export function whyNoNamespace(): string | false {
  const tried = spawnSync("unshare", [...NAMESPACE.slice(1), "true"], { encoding: "utf8" });
  if (tried.error) return "unshare is not installed";
  return tried.status === 0 ? false : `this user may not make a process 1: ${tried.stderr.trim()}`;
}

/** The process that `unshare` has made, by its number outside. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}
