import type { Clock } from "./clock.ts";
import { errorCode } from "./files.ts";

/** Standard output or standard error. Its methods never throw. */
export interface Output {
  /** Writes text that a person asked for. Waits for a slow reader as long as it takes. */
  print(text: string): void;
  /**
   * Writes a log line. When the buffer is full, drops the line and returns false; then calls `onDrain` once, when the buffer
   * is empty.
   */
  log(line: string, onDrain?: () => void): boolean;
  /** Aborts when the reader is gone (EPIPE). */
  readonly closed: AbortSignal;
  /** Resolves when everything is written, or with the error code if printed text cannot be. Waits 250 ms at most for a log. */
  flush(): Promise<string | undefined>;
}

/** How an output writes, and its time. */
export interface OutputOptions {
  /** Writes without blocking, and returns how many bytes were written. Throws a system error; `EAGAIN`: the reader is slow. */
  readonly write: (bytes: Uint8Array) => number;
  readonly clock: Pick<Clock, "sleep" | "deadline">;
}

/** The size of the buffer: some thousand lines. */
const MAX_WAITING_BYTES = 1_024 * 1_024;
const FIRST_RETRY_MS = 5;
const MAX_RETRY_MS = 1_000;
const LOG_FLUSH_MS = 250;

/**
 * Creates an output that neither blocks nor fails. It buffers what cannot be written, up to a limit, and retries forever: a
 * full disk may get room, and a named pipe another reader.
 */
export function createOutput({ write, clock }: OutputOptions): Output {
  const closed = new AbortController();
  const never = new AbortController().signal;
  const waiting: Uint8Array[] = [];
  const listeners = new Set<() => void>();
  let waitingBytes = 0;
  let hasPrinted = false;
  let fault: string | undefined;
  let retried = Promise.withResolvers<void>();
  let retrying = false;

  function drain(): void {
    for (let [head] = waiting; head !== undefined; [head] = waiting) {
      const written = tryWrite(head);
      if (written === 0) return;
      waitingBytes -= written;
      if (written < head.length) waiting[0] = head.subarray(written);
      else waiting.shift();
    }
    hasPrinted = false;
    const drained = [...listeners];
    listeners.clear();
    for (const listener of drained) listener();
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
      afterMs = waitingBytes < before ? FIRST_RETRY_MS : Math.min(afterMs * 2, MAX_RETRY_MS);
      retried.resolve();
      retried = Promise.withResolvers();
    }
    retrying = false;
  }

  function enqueue(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length === 0) return;
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (!retrying) drain();
    if (waiting.length > 0) void retry();
  }

  const isBroken = () => fault !== undefined && fault !== "EAGAIN";
  const isFull = (text: string) => waitingBytes > 0 && waitingBytes + text.length > MAX_WAITING_BYTES;
  return {
    closed: closed.signal,
    print(text) {
      if (isBroken() && isFull(text)) return;
      hasPrinted = true;
      enqueue(text);
    },
    log(line, onDrain) {
      if (isFull(line)) {
        if (onDrain) listeners.add(onDrain);
        return false;
      }
      enqueue(line);
      return true;
    },
    async flush() {
      const over = clock.deadline(LOG_FLUSH_MS);
      const elapsed = new Promise<void>((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
      while (waiting.length > 0 && !isBroken() && (hasPrinted || !over.aborted)) {
        await (hasPrinted ? retried.promise : Promise.race([retried.promise, elapsed]));
      }
      return waiting.length > 0 && hasPrinted ? fault : undefined;
    },
  };
}
