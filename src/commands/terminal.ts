import type { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import type { Host } from "../compose.ts";

/** The world around a command: the program's, and the terminal. */
export interface Terminal extends Host {
  /** Text that a person asked for, to standard output. It waits for a slow reader. */
  readonly print: (text: string) => void;
  /** A line of a log, to standard output: false where it is dropped; `again` is called once, when there is room again. */
  readonly log: (line: string, again?: () => void) => boolean;
  /** Aborts when nobody reads standard output any more. */
  readonly readerGone: AbortSignal;
  /** Resolves when standard output is written, or to the error code for which it cannot be. */
  readonly flush: () => Promise<string | undefined>;
  /** To standard error. */
  readonly warn: (text: string) => void;
  /** A person reads what is printed, and nothing else keeps it. */
  readonly isPerson: boolean;
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Makes a private folder that is gone at the end of the program, however that ends. */
  readonly makeTemporaryFolder: (name: string) => string;
  readonly signals: Pick<EventEmitter, "on">;
  readonly exitNow: () => void;
}

/** A command cannot be carried out as it was given; the program ends with exit code 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
