import type { StateName } from "../../src/model.ts";
import type { Collector, CollectorAnswer } from "./collector.ts";
import type { Stage } from "./stage.ts";

/** One environment and the expected behaviour in it. A new bug report becomes one more row. */
export interface Row {
  /** Short, and unique within the area. */
  readonly name: string;
  /** `npm test` runs this row. */
  readonly quick?: true;
  /** Why the row is skipped on this machine; false when it can run. */
  readonly skip?: () => string | false;
  /** Prepares the environment before the daemon starts. */
  readonly environment?: (stage: Stage) => Environment | Promise<Environment>;
  readonly expect: Expectation;
}

/** The differences between the environment of a row and a good one. */
export interface Environment {
  /** Sections that replace those of the default configuration. */
  readonly config?: Readonly<Record<string, object>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A command before the program, such as `setpriv`, with its arguments. */
  readonly prefix?: readonly string[];
  /** The path of the runtime; by default this Node. */
  readonly node?: string;
  /** The main file of the program; by default the sources. */
  readonly main?: string | undefined;
  /** Standard output is read, closed by its reader after the first line, or full. */
  readonly stdout?: "read" | "closed" | "full";
  /** The answers of the collector. */
  readonly answer?: CollectorAnswer;
  /** The bad answers begin when the collector has acknowledged half of the entries. */
  readonly afterAcknowledgement?: boolean;
  /** At the end the collector answers correctly, and every entry must arrive. */
  readonly recovers?: boolean;
  /** Sent after the first delivery. */
  readonly signal?: NodeJS.Signals;
}

/** The expected behaviour. Absent members are not checked. */
export interface Expectation {
  /** All entries are at the collector; none is; or each is at the collector or among the dead letters. */
  readonly delivered?: "all" | "none" | "kept";
  /** The largest number of copies of a record; 1 by default. */
  readonly copies?: number;
  /** The number of dead letters; 0 by default. */
  readonly setAside?: number | "any";
  readonly state?: readonly StateName[];
  /** Matches the reason and remedy of /status.json at some moment of the row. */
  readonly reason?: RegExp;
  /** The program ends by itself with this exit code. */
  readonly exit?: number;
  /** Matches the output of the program. */
  readonly prints?: RegExp;
  /** Checked at the end. */
  readonly also?: (stage: Stage, collector: Collector) => string | undefined;
}

/** A table of rows. */
export interface Area {
  readonly name: string;
  readonly rows: readonly Row[];
}
