import type { Clock } from "./clock.ts";
import { errorCode } from "./files.ts";

/** Standard output or standard error. Nothing that happens to it ever throws. */
export interface Output {
  /** Writes text that a person asked for. It waits for a slow reader, however long. */
  print(text: string): void;
  /**
   * Writes a line of a log. Returns false where so much waits already that the line is dropped; `again` is called once,
   * when the output works again.
   */
  log(line: string, again?: () => void): boolean;
  /** Aborts when the reader is gone. */
  readonly closed: AbortSignal;
  /** Resolves when everything is written, or when it cannot be: then to the error code. A log waits for a moment only. */
  flush(): Promise<string | undefined>;
}

/** What an output is made of. */
export interface OutputOptions {
  /** Writes some of the bytes at once and returns how many. Throws a system error; `EAGAIN` says that the reader is slow. */
  readonly write: (bytes: Uint8Array) => number;
  readonly clock: Pick<Clock, "sleep" | "deadline">;
}

/** What may wait for a reader: some thousand lines. */
const MOST_WAITING_BYTES = 1_024 * 1_024;
const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 1_000;
const LOG_FLUSH_MS = 250;

/**
 * Writes without blocking and without failing. What cannot be written waits, up to a bound, and is tried again for ever: a
 * full disk gets room, and a named pipe gets another reader.
 */
export function createOutput({ write, clock }: OutputOptions): Output {
  const closed = new AbortController();
  const never = new AbortController().signal;
  const waiting: Uint8Array[] = [];
  const listeners = new Set<() => void>();
  let waitingBytes = 0;
  let mustCome = false;
  let fault: string | undefined;
  let settle = Promise.withResolvers<void>();
  let retrying = false;

  function drain(): void {
    for (let [head] = waiting; head !== undefined; [head] = waiting) {
      const written = tryWrite(head);
      if (written === 0) return;
      waitingBytes -= written;
      if (written < head.length) waiting[0] = head.subarray(written);
      else waiting.shift();
    }
    mustCome = false;
    const again = [...listeners];
    listeners.clear();
    for (const listener of again) listener();
  }

  function tryWrite(bytes: Uint8Array): number {
    try {
      const written = write(bytes);
      fault = written === 0 ? "EAGAIN" : undefined;
      return written;
    } catch (error) {
      fault = errorCode(error) ?? "EIO";
      if (fault === "EPIPE") closed.abort();
      return 0;
    }
  }

  async function retry(): Promise<void> {
    if (retrying) return;
    retrying = true;
    let afterMs = FIRST_RETRY_MS;
    while (waiting.length > 0) {
      await clock.sleep(afterMs, never);
      const before = waitingBytes;
      drain();
      afterMs = waitingBytes < before ? FIRST_RETRY_MS : Math.min(afterMs * 2, LONGEST_RETRY_MS);
      settle.resolve();
      settle = Promise.withResolvers();
    }
    retrying = false;
  }

  function take(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length === 0) return;
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (!retrying) drain();
    if (waiting.length > 0) void retry();
  }

  const isBroken = () => fault !== undefined && fault !== "EAGAIN";
  const isFull = (text: string) => waitingBytes > 0 && waitingBytes + text.length > MOST_WAITING_BYTES;
  return {
    closed: closed.signal,
    print(text) {
      if (isBroken() && isFull(text)) return;
      mustCome = true;
      take(text);
    },
    log(line, again) {
      if (isFull(line)) {
        if (again) listeners.add(again);
        return false;
      }
      take(line);
      return true;
    },
    async flush() {
      const over = clock.deadline(LOG_FLUSH_MS);
      const elapsed = new Promise<void>((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
      while (waiting.length > 0 && !isBroken() && (mustCome || !over.aborted)) {
        await (mustCome ? settle.promise : Promise.race([settle.promise, elapsed]));
      }
      return waiting.length > 0 && mustCome ? fault : undefined;
    },
  };
}
