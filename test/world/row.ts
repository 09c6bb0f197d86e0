import type { StateName } from "../../src/model.ts";
import type { Collector, CollectorAnswer } from "./collector.ts";
import type { Stage } from "./stage.ts";

/** One outside and what is right in it: a new report is one more of these, in the table of its area. */
export interface Row {
  /** Short, and of its own within the area. */
  readonly name: string;
  /** The rows that `npm test` runs. */
  readonly quick?: true;
  /** Why the row cannot be tried on this machine; false where it can. */
  readonly skip?: () => string | false;
  /** Prepares the outside before the daemon starts. */
  readonly outside?: (stage: Stage) => Outside | Promise<Outside>;
  readonly expect: Expectation;
}

/** How the outside of a row differs from a good one. */
export interface Outside {
  /** Sections that go over those of the usual configuration. */
  readonly config?: Readonly<Record<string, object>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What starts the program, such as `setpriv`; its arguments follow. */
  readonly prefix?: readonly string[];
  /** The runtime, by default this Node. */
  readonly node?: string;
  /** The program's first file, where it must be the compiled one. */
  readonly main?: string | undefined;
  /** Where standard output leads: it is read, its reader goes away after the first line, or it is full. */
  readonly stdout?: "read" | "closed" | "full";
  /** How the collector answers. */
  readonly answer?: CollectorAnswer;
  /** The bad answers begin once the collector has acknowledged a half of the entries. */
  readonly afterAcknowledgement?: boolean;
  /** The collector becomes a good one at the end, and everything must arrive. */
  readonly recovers?: boolean;
  /** Sent once the daemon delivers. */
  readonly signal?: NodeJS.Signals;
}

/** What is right. What is not named does not matter. */
export interface Expectation {
  /** Every entry at the collector; none of them; or each at the collector or among the dead letters. */
  readonly delivered?: "all" | "none" | "kept";
  /** The most copies of any record; 1 by default. */
  readonly copies?: number;
  /** How many records are set aside; 0 by default. */
  readonly setAside?: number | "any";
  readonly state?: readonly StateName[];
  /** Matched with the reason and the remedy of /status.json, at any moment of the row. */
  readonly reason?: RegExp;
  /** The program ends by itself, with this code. */
  readonly exit?: number;
  /** Matched with what the program prints. */
  readonly prints?: RegExp;
  /** Asked at the end. */
  readonly also?: (stage: Stage, collector: Collector) => string | undefined;
}

/** A table of rows. */
export interface Area {
  readonly name: string;
  readonly rows: readonly Row[];
}
