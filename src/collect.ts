import type { Checkpoints, Deliver, Source } from "./model.ts";

/** The options of `collect`. */
export interface Collecting {
  readonly checkpoints: Checkpoints;
  readonly deliver: Deliver;
  /** Aborts first: no new page is started. */
  readonly stopping: AbortSignal;
  /** Aborts second: the page in progress is abandoned. */
  readonly hardStop: AbortSignal;
}

/**
 * Reads a page, delivers it, then saves its position. This order is the promise: a position is never saved before its page is
 * delivered. There is no queue: while the collector is down, at most one page ahead is read, and Slack is the buffer. After
 * `stopping` it resolves with the last page saved; it rejects with the reason of `hardStop` if that page was not finished.
 */
export async function collect(source: Source, { checkpoints, deliver, stopping, hardStop }: Collecting): Promise<void> {
  for await (const page of source.pages(checkpoints.load(source.name), stopping)) {
    if (page.records.length > 0) await deliver(page.records, hardStop);
    await checkpoints.save(source.name, page.next, hardStop);
  }
}
