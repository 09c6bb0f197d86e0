import type { Clock } from "../runtime/clock.ts";
import type { Files } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";

/** The process and the machine that the program runs on. */
export interface Host {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly version: string;
  /** Identifies this process to another one that finds the state locked. */
  readonly holder: string;
  /** The effective user and the groups of this process, on systems that have numbers for them. */
  readonly uid: number | undefined;
  readonly groups: readonly number[];
}
