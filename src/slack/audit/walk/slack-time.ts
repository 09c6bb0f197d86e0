import type { Report } from "../../../events.ts";
import type { Seconds } from "../../../model.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { createServerClock, type TimeSample } from "../../api/server-clock.ts";

/** An estimate of the time at Slack. */
export interface SlackTimeEstimate {
  /** The server clock's estimate; undefined until an answer has a `Date`. */
  readonly now: Seconds | undefined;
  /** The latest end of a window; undefined where the time is unknown. It may be wrong, so it makes nothing final. */
  readonly latest: Seconds | undefined;
  /** A second that has passed at Slack even if one clock is wrong. Only this makes anything final. */
  readonly certain: Seconds | undefined;
  /** This machine's clock agrees with `now`. */
  readonly isConfirmed: boolean;
  /** The answers disagree about the time, so `latest` is a guess. */
  readonly isDoubted: boolean;
}

/**
 * Estimates the time at Slack from its `Date` headers, this machine's clock, and the dates of entries. One of the two clocks may
 * be wrong. Slack dates no entry in its future, so an entry proves that its second has passed.
 */
export interface SlackTime {
  estimate(): SlackTimeEstimate;
  /** Adds an answer's `Date`. */
  observeDate(sample: TimeSample): void;
  /** Adds the date of an entry inside of a requested window. */
  observeEntry(date: Seconds): void;
  /** Adds the date of the newest entry of an answer without bounds. It is ignored if it is later than all clocks. */
  observeNewest(date: Seconds): void;
  /** Records that Slack called `second` the future. */
  markFuture(second: Seconds): void;
  /** The earliest plausible time now, for a source that starts now; undefined where the time is unknown. */
  startTime(): Seconds | undefined;
}

/** Two clocks that differ by at most this much agree. */
const AGREEMENT: Seconds = 300;
/** How far Slack's `Date` may be behind the entries that it shows. */
export const CLOCK_SKEW: Seconds = 10;
/** A monotonic clock may be too fast by a thousandth. */
const SLOWEST_SLACK = 0.999;
/** 2024-01-01. A clock with an earlier time was never set. */
const UNSET_BEFORE: Seconds = 1_704_067_200;

/** Creates the time estimate of one source. It knows nothing at first. */
export function createSlackTime({
  source,
  clock,
  report,
}: {
  source: string;
  clock: Clock;
  report: Report;
}): SlackTime {
  const serverClock = createServerClock(clock);
  let newest: { readonly date: Seconds; readonly atMs: number } | undefined;
  let wasMarkedFuture = false;
  const machineTime = () => Math.floor(clock.now() / 1_000);
  const isPlausible = (second: Seconds) => second >= UNSET_BEFORE && second >= (passed() ?? 0) - CLOCK_SKEW;
  /** A second that has passed: the newest entry's date, plus the time since then on the monotonic clock. */
  const passed = () => newest && newest.date + Math.floor(((clock.monotonic() - newest.atMs) * SLOWEST_SLACK) / 1_000);
  const observeEntry = (date: Seconds) => {
    if (date > (passed() ?? 0)) newest = { date, atMs: clock.monotonic() };
  };

  return {
    estimate() {
      const now = serverClock.now();
      const known = passed();
      const machine = machineTime();
      // After markFuture() no estimate may be left. This machine's clock may then choose a window, but makes nothing final.
      const guess = now ?? (wasMarkedFuture && isPlausible(machine) ? machine : undefined);
      const isConfirmed = now !== undefined && Math.abs(now - machine) <= AGREEMENT;
      return {
        now,
        latest: later(guess, known),
        certain: later(isConfirmed ? Math.min(now, machine) : undefined, known),
        isConfirmed,
        isDoubted: serverClock.isDoubted() || (now !== undefined && now < (known ?? now) - CLOCK_SKEW),
      };
    },
    observeDate(sample) {
      const expected = serverClock.now();
      const wasDoubted = serverClock.isDoubted();
      serverClock.observe(sample);
      const now = serverClock.now();
      if (expected === undefined || now === undefined) return;
      if (serverClock.isDoubted()) {
        if (!wasDoubted) report({ event: "clock_doubted", source, says: sample.date, expected });
      } else {
        wasMarkedFuture = false;
        const by_seconds = now - expected;
        if (Math.abs(by_seconds) > CLOCK_SKEW) report({ event: "clock_corrected", source, by_seconds });
      }
    },
    observeEntry,
    observeNewest(date) {
      const now = serverClock.now();
      const clocks = [now ?? 0, machineTime()].filter((second) => second >= UNSET_BEFORE);
      if (now === undefined || clocks.length === 0 || date <= Math.max(...clocks) + AGREEMENT) observeEntry(date);
    },
    markFuture(second) {
      serverClock.markFuture(second);
      wasMarkedFuture = true;
      if ((passed() ?? 0) >= second) newest = undefined;
    },
    startTime() {
      const now = serverClock.now();
      const clocks = now === undefined ? [] : [now, machineTime()].filter(isPlausible);
      const known = passed();
      // No entry is dated between the newest entry and now. A single clock may be wrong, so the newest entry is the start.
      if (clocks.length === 0 || (clocks.length === 1 && known !== undefined)) return known;
      return later(Math.min(...clocks), known);
    },
  };
}

function later(one: Seconds | undefined, other: Seconds | undefined): Seconds | undefined {
  return one === undefined ? other : Math.max(one, other ?? one);
}
