import type { StateName } from "../../src/model.ts";
import type { WorldProcess } from "./process.ts";
import type { Stage } from "./stage.ts";

/** What a row looks like at one moment. */
export interface Observation {
  readonly entries: number;
  readonly delivered: number;
  /** The most copies of any record at the collector. */
  readonly copies: number;
  readonly setAside: number;
  /** Entries that are neither at the collector nor set aside. */
  readonly missing: number;
  /** Entries that the daemon counts as delivered. */
  readonly claimed: number;
  readonly state: StateName | undefined;
  /** The reason and the remedy of the page, each one that was seen. */
  readonly reasons: readonly string[];
  /** Undefined while the program runs. */
  readonly exit: number | null | undefined;
  readonly printed: string;
}

/** What the page says of a source that has just begun: no trouble. */
const STARTING = /^nothing is delivered yet/;

/** Looks at a running row. `reasons` gathers over the time of the row. */
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
