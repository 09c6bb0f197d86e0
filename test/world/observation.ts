import type { StateName } from "../../src/model.ts";
import type { WorldProcess } from "./process.ts";
import type { Stage } from "./stage.ts";

/** The state of a row at one moment. */
export interface Observation {
  readonly entries: number;
  readonly delivered: number;
  /** The largest number of copies of a record at the collector. */
  readonly copies: number;
  readonly setAside: number;
  /** The number of entries that are neither at the collector nor dead letters. */
  readonly missing: number;
  /** The number of entries that the daemon counts as delivered. */
  readonly claimed: number;
  readonly state: StateName | undefined;
  /** Every reason and remedy that the status has shown. */
  readonly reasons: readonly string[];
  /** Undefined while the program runs. */
  readonly exit: number | null | undefined;
  readonly printed: string;
}

/** The reason of a source that has just started. It is no problem. */
const STARTING = /^nothing is delivered yet/;

/** Observes a running row. `reasons` accumulates over the row. */
export async function observe(stage: Stage, program: WorldProcess, reasons: Set<string>): Promise<Observation> {
  const source = (await program.status())?.sources?.acme;
  if (source?.reason && !STARTING.test(source.reason))
    reasons.add(source.remedy ? `${source.reason}; ${source.remedy}` : source.reason);
  const aside = new Set(await stage.setAside());
  const { stored } = stage.collector;
  const delivered = stage.entries.filter((id) => stored.has(id));
  return {
    entries: stage.entries.length,
    delivered: delivered.length,
    copies: Math.max(0, ...stored.values()),
    setAside: aside.size,
    missing: stage.entries.filter((id) => !stored.has(id) && !aside.has(id)).length,
    claimed: source?.counts.delivered ?? 0,
    state: source?.state,
    reasons: [...reasons],
    exit: program.exit(),
    printed: program.printed(),
  };
}
