import { performance } from "node:perf_hooks";

/** The only source of time. Tests hand in one that they move themselves. */
export interface Clock {
  /** Milliseconds since 1970, by this machine's clock, which may be wrong and may jump. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring spans. */
  monotonic(): number;
  /** Resolves after `ms`, never before others had their turn; rejects with the signal's reason when that comes first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborts with a `TimeoutError` after `ms`. */
  deadline(ms: number): AbortSignal;
}

/** The longest wait that a timer of Node can hold: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    if (ms <= 0) return nextTurn(signal);
    for (let left = ms; ; left -= LONGEST_TIMER_MS) {
      await oneTimer(Math.min(left, LONGEST_TIMER_MS), signal);
      if (left <= LONGEST_TIMER_MS) return;
    }
  },
  deadline: (ms) => AbortSignal.timeout(ms),
};

/** A timer would take a millisecond at least. */
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
