import type { Clock } from "../../src/runtime/clock.ts";

/** Simulated time: it moves when something sleeps, or when it is told to, and never by itself. */
export interface ManualClock extends Clock {
  /** How long each sleep so far was asked to be. */
  readonly waits: readonly number[];
  advance(ms: number): void;
  /** The wall clock jumps; what has passed on the monotonic one does not change. */
  jump(ms: number): void;
}

/** A clock on which a sleep is over at once and has moved the time; deadlines that fall into it come first, in their order. */
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
