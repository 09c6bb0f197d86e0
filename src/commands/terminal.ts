import type { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import type { Host } from "../compose/host.ts";

/** The process, and the terminal that a command talks to. */
export interface Terminal extends Host {
  /** Writes a result to standard output. All of it is kept for a slow reader. */
  readonly print: (text: string) => void;
  /** Writes a log line to standard output. Returns false when it drops the line, and calls `again` once when there is room. */
  readonly log: (line: string, again?: () => void) => boolean;
  /** Aborts when the reader of standard output has closed it. */
  readonly readerGone: AbortSignal;
  /** Waits until standard output is written. Resolves to the error code if it cannot be written. */
  readonly flush: () => Promise<string | undefined>;
  /** Writes to standard error. */
  readonly warn: (text: string) => void;
  /** True when a person reads the output and nothing stores it, so that secrets may be printed. */
  readonly isPerson: boolean;
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Makes a private folder, and removes it when the program ends. */
  readonly makeTemporaryFolder: (name: string) => string;
  readonly signals: Pick<EventEmitter, "on">;
  /** Ends the process at once, with exit code 1. */
  readonly exitNow: () => void;
}

/** The command line is wrong: the program ends with exit code 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
