import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { Schedule } from "./schedule.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

/** Why a process ended at once. A crash leaves the disk, a power loss only what was synced. */
export type CutOff = "crashed" | "power lost" | "verdict";

/** One process. Each effect goes through `perform`, so that the process can end before and after it. */
export interface Incarnation {
  readonly stopping: AbortSignal;
  readonly hardStop: AbortSignal;
  readonly clock: Clock;
  /** Time since the stop, on the process's clock; zero if it was not told to stop. */
  stoppingForMs(): number;
  /** Resolves when the process crashes, loses power, or a property is broken. */
  readonly cutOff: Promise<CutOff>;
  /** Calls `act` at once, unless the process ends before it. Never resolves if the process ends before or after it. */
  perform<Value>(act: () => Value): Promise<Value>;
  /** Lets time pass until the next sleep, deadline or stop; false where there is none. */
  fireNext(): boolean;
  /** Lets time pass inside of an act, until `signal` aborts: a deadline or the grace of a stop may be over. */
  pass(ms: number, signal: AbortSignal): void;
}

export interface IncarnationOptions {
  readonly schedule: Schedule;
  readonly timeline: Timeline;
  readonly dice: RandomValues;
  readonly verdict: Verdict;
  /** How many effects the processes of a schedule may still have. */
  readonly steps: { left: number };
  /** Called at each sleep: whether everything is delivered and the quiet time is over. */
  readonly isOver: () => boolean;
  /** The true time at which the schedule must be over. */
  readonly lastMs: () => number;
}

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

export const GRACE_MS = 8_000;

export function createIncarnation(options: IncarnationOptions): Incarnation {
  const { schedule, timeline, dice, verdict, steps } = options;
  const { crashChance, stopChance, powerLossShare } = schedule.ends;
  const stopping = new AbortController();
  const hardStop = new AbortController();
  const cutOff = Promise.withResolvers<CutOff>();
  let dead = false;
  let stoppedMs: number | undefined;
  /** Sleeps, deadlines and stops, by the process's own clock: the earliest first. */
  const timers: Timer[] = [];

  const end = (ending: CutOff) => {
    dead = true;
    cutOff.resolve(ending);
  };
  const stop = () => {
    if (stopping.signal.aborted) return;
    stoppedMs = timeline.awake();
    setTimer(stoppedMs + GRACE_MS, () => hardStop.abort(new DOMException("The grace is over", "AbortError")));
    stopping.abort(new DOMException("Stopping", "AbortError"));
  };
  const setTimer = (atMs: number, fire: () => void) => {
    const timer = { atMs, fire };
    const later = timers.findIndex((other) => other.atMs > atMs);
    timers.splice(later === -1 ? timers.length : later, 0, timer);
    return () => {
      const at = timers.indexOf(timer);
      if (at >= 0) timers.splice(at, 1);
    };
  };
  const fireNext = () => {
    const timer = timers.shift();
    if (!timer) return false;
    timeline.advance(timer.atMs - timeline.awake());
    timer.fire();
    return true;
  };
  const pass = (ms: number, signal: AbortSignal) => {
    const untilMs = timeline.awake() + Math.max(0, ms);
    while (!signal.aborted && timers[0] && timers[0].atMs <= untilMs) fireNext();
    if (!signal.aborted) timeline.advance(untilMs - timeline.awake());
  };
  const isStoppedNow = () => timeline.now() < schedule.faultsEndMs && dice.chance(stopChance);
  /** Lets the process end at this point by chance; true if it has ended. */
  const isEnd = () => {
    if (dead) return true;
    if (--steps.left < 0) verdict.fail("no busy loop", "too many steps for the time that passed");
    if (timeline.now() > options.lastMs()) verdict.fail("the run ends", "something is left long after the last fault");
    if (verdict.failure) end("verdict");
    else if (timeline.now() < schedule.faultsEndMs && dice.chance(crashChance)) {
      end(dice.chance(powerLossShare) ? "power lost" : "crashed");
    } else if (isStoppedNow()) stop();
    return dead;
  };
  const perform = async <Value>(act: () => Value): Promise<Value> => {
    if (isEnd()) return never();
    const value = act();
    return isEnd() ? never() : value;
  };

  const sleepUntil = (atMs: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clear();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const clear = setTimer(atMs, wake);
      signal.addEventListener("abort", wake);
    });

  return {
    fireNext,
    stopping: stopping.signal,
    hardStop: hardStop.signal,
    stoppingForMs: () => (stoppedMs === undefined ? 0 : timeline.awake() - stoppedMs),
    cutOff: cutOff.promise,
    perform,
    pass,
    clock: {
      now: () => Math.floor(timeline.wall()),
      monotonic: () => timeline.awake(),
      async sleep(ms, signal) {
        signal.throwIfAborted();
        const wakeAtMs = timeline.awake() + Math.max(0, ms);
        await perform(() => {
          if (options.isOver()) stop();
          if (isStoppedNow()) setTimer(dice.integer(Math.floor(timeline.awake()), Math.floor(wakeAtMs)), stop);
        });
        signal.throwIfAborted();
        await sleepUntil(wakeAtMs, signal);
        await perform(() => {});
        signal.throwIfAborted();
      },
      deadline(ms) {
        const controller = new AbortController();
        const abort = () => controller.abort(new DOMException("The deadline is over", "TimeoutError"));
        setTimer(timeline.awake() + ms, abort);
        return controller.signal;
      },
    },
  };
}

/** What a dead process waits for: a new promise each time, because a shared one would keep all its waiters in memory. */
function never(): Promise<never> {
  return new Promise(() => {});
}
