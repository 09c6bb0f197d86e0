import type { EncodedRecord } from "../../model.ts";
import { type RetryPolicy, retry } from "../../runtime/retry.ts";
import type { DeadLetters } from "./dead-letters.ts";

/** Sets records aside. Resolves once they are in the dead-letter folder, rejects only when `signal` aborts. */
export type SetAside = (records: readonly EncodedRecord[], why: string, signal: AbortSignal) => Promise<void>;

/** Makes the function that sets the records of one source aside: one write after the other, so that a full folder is told once. */
export function createSetAside(deadLetters: DeadLetters, retryPolicy: Omit<RetryPolicy, "target">): SetAside {
  const { source, report } = retryPolicy;
  let writing: Promise<void> = Promise.resolve();

  /** Records are as good as delivered once they are in the dead-letter folder: until then this waits. */
  async function write(records: readonly EncodedRecord[], why: string, signal: AbortSignal): Promise<void> {
    const attempt = () => deadLetters.write(source, records, why);
    const written = await retry(attempt, { ...retryPolicy, target: "dead_letters" }, signal);
    if (written.status === "ok") {
      report({ event: "records_set_aside", source, records: records.length, why, file: written.value });
    }
  }

  return (records, why, signal) => {
    writing = writing.catch(() => {}).then(() => write(records, why, signal));
    return writing;
  };
}
