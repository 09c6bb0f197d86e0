import type { Checkpoints, Deliver, Source } from "./model.ts";

/** What the loop works with, and the two stages of its end. */
export interface Collecting {
  readonly checkpoints: Checkpoints;
  readonly deliver: Deliver;
  /** Starts nothing new. */
  readonly stopping: AbortSignal;
  /** Lets go of what is in flight. */
  readonly hardStop: AbortSignal;
}

/**
 * The loop. Read a page, deliver it, save its position: in that order, and the order is the promise. There is no queue:
 * while the collector is down nothing more is asked of Slack, so that Slack is the buffer. Resolves when told to stop with the
 * last page saved; rejects with the reason of `hardStop` when that page could not be finished in time.
 */
export async function collect(source: Source, { checkpoints, deliver, stopping, hardStop }: Collecting): Promise<void> {
  for await (const page of source.pages(checkpoints.load(source.name), stopping)) {
    if (page.records.length > 0) await deliver(page.records, hardStop);
    await checkpoints.save(source.name, page.next, hardStop);
  }
}
