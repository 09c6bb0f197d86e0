import { collect } from "../../src/collect.ts";
import type { LogRecord, Source } from "../../src/model.ts";
import { createMemoryCheckpoints, type MemoryCheckpoints } from "./memory-checkpoints.ts";

/** The result of a run of the loop. */
export interface Collected {
  /** The ids of the delivered records, page by page. */
  readonly pages: readonly (readonly string[])[];
  readonly ids: readonly string[];
  readonly records: readonly LogRecord[];
  readonly checkpoints: MemoryCheckpoints;
}

/** Runs the loop over a source until `stopping` aborts. The collector accepts everything. */
export async function collected(
  source: Source,
  stopping: AbortSignal,
  checkpoints: MemoryCheckpoints = createMemoryCheckpoints(),
): Promise<Collected> {
  const pages: LogRecord[][] = [];
  await collect(source, {
    checkpoints,
    deliver: async (records) => void pages.push([...records]),
    stopping,
    killed: new AbortController().signal,
  });
  const records = pages.flat();
  return { pages: pages.map((page) => page.map(idOf)), ids: records.map(idOf), records, checkpoints };
}

/** The id of the record's entry. */
export function idOf(record: LogRecord): string {
  return String(record.attributes["log.record.uid"]);
}
