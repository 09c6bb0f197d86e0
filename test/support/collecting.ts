import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { collect } from "../../src/collect.ts";
import type { EncodedRecord, Source } from "../../src/model.ts";
import { createMemoryCheckpoints, type MemoryCheckpoints } from "./memory-checkpoints.ts";

/** The result of a run of the loop. */
export interface Collected {
  /** The ids of the delivered records, page by page. */
  readonly pages: readonly (readonly string[])[];
  readonly ids: readonly string[];
  readonly records: readonly ReadableLogRecord[];
  readonly checkpoints: MemoryCheckpoints;
}

/** Runs the loop over a source until `stopping` aborts. The collector accepts everything. */
export async function collected(
  source: Source,
  stopping: AbortSignal,
  checkpoints: MemoryCheckpoints = createMemoryCheckpoints(),
): Promise<Collected> {
  const pages: { ids: string[]; records: ReadableLogRecord[] }[] = [];
  await collect(source, {
    checkpoints,
    // Decoded at once: once a page is delivered, its buffers are used again.
    deliver: async (records) =>
      void pages.push({ ids: records.map(idOf), records: records.map((record) => record.page.decode(record)) }),
    stopping,
    hardStop: new AbortController().signal,
  });
  const ids = pages.map((page) => page.ids);
  return { pages: ids, ids: ids.flat(), records: pages.flatMap(({ records }) => records), checkpoints };
}

/** The id that Slack gave the entry. */
export function idOf(record: EncodedRecord): string {
  return String(record.page.decode(record).attributes["log.record.uid"]);
}
