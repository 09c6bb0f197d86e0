import { performance } from "node:perf_hooks";

/** The only source of time. */
export interface Clock {
  /** Milliseconds since 1970 by this machine's clock, which may be wrong and may jump. */
  now(): number;
  /** Milliseconds that never go back, for measuring durations. */
  monotonic(): number;
  /** Resolves after `ms`, at the earliest in the next turn of the event loop. Rejects with the signal's reason if it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborts with a `TimeoutError` after `ms`. */
  deadline(ms: number): AbortSignal;
}

/** The limit of a Node timer. A longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    if (ms <= 0) return nextTurn(signal);
    for (let left = ms; ; left -= MAX_TIMER_MS) {
      await oneTimer(Math.min(left, MAX_TIMER_MS), signal);
      if (left <= MAX_TIMER_MS) return;
    }
  },
  deadline: (ms) => AbortSignal.timeout(ms),
};

/** A timer would take at least a millisecond. */
async function nextTurn(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

function oneTimer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
