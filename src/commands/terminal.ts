import type { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import type { Host } from "../app.ts";

/** The world around a command: the program's, and the terminal. */
export interface Terminal extends Host {
  readonly print: (text: string) => void;
  /** To standard error. */
  readonly warn: (text: string) => void;
  /** A person reads what is printed, and nothing else keeps it. */
  readonly isPerson: boolean;
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Where what only lives as long as the command may be put. */
  readonly temporaryFolder: string;
  readonly signals: Pick<EventEmitter, "on">;
  readonly exitNow: () => void;
}

/** A command cannot be carried out as it was given; the program ends with exit code 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
