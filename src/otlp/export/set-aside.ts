import type { EncodedRecord } from "../../model.ts";
import { createQueue } from "../../runtime/queue.ts";
import { type RetryPolicy, retry } from "../../runtime/retry.ts";
import type { DeadLetters } from "./dead-letters.ts";

/** Sets records aside. Resolves once they are in the dead-letter folder. Rejects only when `signal` aborts. */
export type SetAside = (records: readonly EncodedRecord[], why: string, signal: AbortSignal) => Promise<void>;

/** Creates the function that sets records of one source aside. It writes one file at a time, so a full disk is reported once. */
export function createSetAside(deadLetters: DeadLetters, retryPolicy: Omit<RetryPolicy, "target">): SetAside {
  const { source, report } = retryPolicy;
  const queue = createQueue();

  async function write(records: readonly EncodedRecord[], why: string, signal: AbortSignal): Promise<void> {
    const attempt = () => deadLetters.write(source, records, why);
    const written = await retry(attempt, { ...retryPolicy, target: "dead_letters" }, signal);
    if (written.status === "ok") {
      report({ event: "records_set_aside", source, records: records.length, why, file: written.value });
    }
  }

  return (records, why, signal) => queue(() => write(records, why, signal));
}
