import type { Report } from "../../../events.ts";
import type { Seconds } from "../../../model.ts";
import type { Clock } from "../../../runtime/clock.ts";
import { createServerClock, type TimeSample } from "../../api/server-clock.ts";

/** What is known of Slack's present at one moment. */
export interface PresentView {
  /** The estimate of Slack's clock; undefined where no answer tells it. */
  readonly now: Seconds | undefined;
  /** As far as a window may reach; undefined where nothing tells. It chooses what to ask and makes nothing final. */
  readonly latest: Seconds | undefined;
  /** A second that has passed at Slack even if one of the clocks is wrong: only this makes anything final. */
  readonly certain: Seconds | undefined;
  /** Whether this machine's clock agrees with the estimate. */
  readonly isVouchedFor: boolean;
  /** Whether the answers disagree about the time, so that `latest` is no more than a guess. */
  readonly isDoubted: boolean;
}

/**
 * The witnesses of Slack's present: its `Date` headers, this machine's clock, and the dates of entries, since Slack dates
 * none in its future. The first two may be wrong, one at a time; the third proves a time that has passed, and no more.
 */
export interface Present {
  view(): PresentView;
  /** Takes note of an answer's `Date`. */
  observe(sample: TimeSample): void;
  /** Takes note of an entry that a window asked for. */
  meet(date: Seconds): void;
  /** Takes note of the newest entry of an answer without bounds; believed unless it is later than every clock. */
  meetNewest(date: Seconds): void;
  /** Slack says that `second` is in its future. */
  refute(second: Seconds): void;
  /** Where a source begins that begins now; too early rather than too late. */
  start(): Seconds | undefined;
}

/** Two clocks that differ by less vouch for one another. */
const AGREEMENT: Seconds = 300;
/** By so much may a clock be behind an entry that it should be ahead of. */
export const SLACK_SKEW: Seconds = 10;
/** A monotonic clock may be too fast by as much as a thousandth. */
const SLOWEST_SLACK = 0.999;
/** 2024-01-01: a clock that shows an earlier time was never set. */
const UNSET_BEFORE: Seconds = 1_704_067_200;

/** Makes the present of one source, of which nothing is known yet. */
export function createPresent({ source, clock, report }: { source: string; clock: Clock; report: Report }): Present {
  const time = createServerClock(clock);
  let newest: { readonly date: Seconds; readonly atMs: number } | undefined;
  let isRefuted = false;
  const ours = () => Math.floor(clock.now() / 1_000);
  const isPlausible = (second: Seconds) => second >= UNSET_BEFORE && second >= (passed() ?? 0) - SLACK_SKEW;
  /** Since an entry was met, at least so much time has passed at Slack as on the monotonic clock. */
  const passed = () => newest && newest.date + Math.floor(((clock.monotonic() - newest.atMs) * SLOWEST_SLACK) / 1_000);
  const meet = (date: Seconds) => {
    if (date > (passed() ?? 0)) newest = { date, atMs: clock.monotonic() };
  };

  const view = (): PresentView => {
    const now = time.now();
    const known = passed();
    const machine = ours();
    // After a refutation this machine's clock may stand in: nothing that it says makes anything final.
    const guess = now ?? (isRefuted && isPlausible(machine) ? machine : undefined);
    const isVouchedFor = now !== undefined && Math.abs(now - machine) <= AGREEMENT;
    return {
      now,
      latest: later(guess, known),
      certain: later(isVouchedFor ? Math.min(now, machine) : undefined, known),
      isVouchedFor,
      isDoubted: time.isDoubted() || (now !== undefined && now < (known ?? now) - SLACK_SKEW),
    };
  };

  return {
    view,
    observe(sample) {
      const expected = time.now();
      const wasDoubted = time.isDoubted();
      time.observe(sample);
      const says = time.now();
      if (expected === undefined || says === undefined) return;
      if (time.isDoubted()) {
        if (!wasDoubted) report({ event: "clock_doubted", source, says: sample.date, expected });
      } else {
        isRefuted = false;
        const by_seconds = says - expected;
        if (Math.abs(by_seconds) > SLACK_SKEW) report({ event: "clock_corrected", source, by_seconds });
      }
    },
    meet,
    meetNewest(date) {
      const clocks = [time.now() ?? 0, ours()].filter((second) => second >= UNSET_BEFORE);
      if (time.now() === undefined || clocks.length === 0 || date <= Math.max(...clocks) + AGREEMENT) meet(date);
    },
    refute(second) {
      time.refute(second);
      isRefuted = true;
      if ((passed() ?? 0) >= second) newest = undefined;
    },
    start() {
      const now = time.now();
      const clocks = now === undefined ? [] : [now, ours()].filter(isPlausible);
      const known = passed();
      // Nothing is dated between the newest entry and now: where one clock is all there is, that is where to begin.
      if (clocks.length === 0 || (clocks.length === 1 && known !== undefined)) return known;
      return later(Math.min(...clocks), known);
    },
  };
}

function later(one: Seconds | undefined, other: Seconds | undefined): Seconds | undefined {
  return one === undefined ? other : Math.max(one, other ?? one);
}
