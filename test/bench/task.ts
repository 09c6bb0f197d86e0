import type { Encoding } from "./case.ts";

/** What the stock path and the floor are told: where the log begins, and where it goes. */
export interface Task extends Encoding {
  /** Of the first page, bounds and limit included. */
  readonly logsUrl: string;
  readonly sinkUrl: string;
  readonly entries: number;
}

/** Reads the task that this process was started with. */
export function readTask(): Task {
  return JSON.parse(process.argv[2] ?? "");
}

/** The address of a page; the first one has no cursor. */
export function urlOfPage({ logsUrl }: Task, cursor: string | undefined): string {
  return cursor ? `${logsUrl}&cursor=${encodeURIComponent(cursor)}` : logsUrl;
}
