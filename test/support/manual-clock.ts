import type { Clock } from "../../src/runtime/clock.ts";

/** Simulated time. Only `sleep`, `advance` and `jump` change it. */
export interface ManualClock extends Clock {
  /** The duration of each sleep so far, in milliseconds. */
  readonly waits: readonly number[];
  advance(ms: number): void;
  /** Moves the wall clock only; the monotonic clock stays. */
  jump(ms: number): void;
}

/** Creates a clock whose sleeps move the time and resolve immediately. Deadlines within a sleep fire before its end, in order. */
export function createManualClock(startMs = Date.UTC(2025, 9, 9, 8, 53, 20)): ManualClock {
  let elapsed = 0;
  let wall = startMs;
  let deadlines: { readonly at: number; readonly controller: AbortController }[] = [];
  const waits: number[] = [];

  const nextDue = (end: number) => deadlines.toSorted((a, b) => a.at - b.at).find(({ at }) => at <= end);
  const move = (end: number, signal?: AbortSignal) => {
    for (let due = nextDue(end); due && !signal?.aborted; due = nextDue(end)) {
      elapsed = Math.max(elapsed, due.at);
      deadlines = deadlines.filter((deadline) => deadline !== due);
      due.controller.abort(new DOMException("The deadline passed", "TimeoutError"));
    }
    signal?.throwIfAborted();
    elapsed = Math.max(elapsed, end);
  };

  return {
    waits,
    now: () => wall + elapsed,
    monotonic: () => elapsed,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      move(elapsed + ms, signal);
    },
    deadline(ms) {
      const controller = new AbortController();
      deadlines.push({ at: elapsed + ms, controller });
      return controller.signal;
    },
    advance: (ms) => move(elapsed + ms),
    jump: (ms) => {
      wall += ms;
    },
  };
}
