import type { Seconds } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";

/** The time in one answer. */
export interface TimeSample {
  /** The answer's `Date` header. */
  readonly date: Seconds;
  /** How long the request took. The header may be older than the answer's arrival by this much. */
  readonly tookMs?: number;
}

/** An estimate of Slack's clock from several answers. This machine's monotonic clock carries it on between them. */
export interface ServerClock {
  /** Adds an answer that has just arrived. */
  observe(sample: TimeSample): void;
  /** The estimate; undefined before the first answer with a `Date`. A single `Date` that disagrees does not change it. */
  now(): Seconds | undefined;
  /** Reports whether more answers are needed: the last one disagreed, or nothing has confirmed the estimate yet. */
  isDoubted(): boolean;
  /** Discards the estimate because Slack called `second` the future, and ignores such samples for five minutes. */
  markFuture(second: Seconds): void;
}

/** Two answers agree if they differ by at most this much, besides the time that they took. */
const TOLERANCE_MS = 5_000;
/** A first answer that differs from this machine's clock by at most this much needs no second one. */
const MACHINE_TOLERANCE_MS = 300_000;
/** The estimate changes when a majority of the last answers agrees. */
const MAX_SAMPLES = 5;
const MAJORITY = 3;
/** The monotonic clock of a suspended machine stands still, so `markFuture` must expire. */
const FUTURE_EXPIRES_MS = 300_000;

interface ClockSample {
  /** Slack's clock minus the monotonic clock, in milliseconds. */
  readonly offset: number;
  readonly tookMs: number;
}

/**
 * Creates an estimate of Slack's clock. It is right from the fifth answer on if three of any five answers in a row are right. This
 * machine's wall clock only confirms a first answer; it never sets the estimate.
 */
export function createServerClock(clock: Clock): ServerClock {
  let samples: ClockSample[] = [];
  let confirmed: ClockSample | undefined;
  let isDoubted = false;
  let future: { readonly offset: number; readonly atMs: number } | undefined;

  const isFuture = ({ offset }: ClockSample) => {
    if (future && clock.monotonic() - future.atMs >= FUTURE_EXPIRES_MS) future = undefined;
    return future !== undefined && offset >= future.offset;
  };

  return {
    observe({ date, tookMs = 0 }) {
      const sample = { offset: date * 1_000 - clock.monotonic(), tookMs };
      if (isFuture(sample)) {
        isDoubted = true;
        return;
      }
      samples = [...samples, sample].slice(-MAX_SAMPLES);
      const isConfirmed =
        (confirmed && agree(confirmed, sample)) ||
        countAgreeing(samples, sample) >= MAJORITY ||
        (samples.length === 1 && !future && Math.abs(date * 1_000 - clock.now()) <= MACHINE_TOLERANCE_MS);
      if (isConfirmed) confirmed = sample;
      isDoubted = !isConfirmed;
    },
    now() {
      const best = confirmed ?? mostAgreedOn(samples);
      return best && Math.floor((best.offset + clock.monotonic()) / 1_000);
    },
    isDoubted: () => isDoubted,
    markFuture(second) {
      const atMs = clock.monotonic();
      future = { offset: second * 1_000 - atMs, atMs };
      samples = [];
      confirmed = undefined;
      isDoubted = true;
    },
  };
}

function agree(one: ClockSample, other: ClockSample): boolean {
  return Math.abs(one.offset - other.offset) <= TOLERANCE_MS + one.tookMs + other.tookMs;
}

function countAgreeing(samples: readonly ClockSample[], sample: ClockSample): number {
  return samples.filter((other) => agree(sample, other)).length;
}

/** The sample that most others agree with. Of several it is the earliest: a time that is too early only costs a repeated window. */
function mostAgreedOn(samples: readonly ClockSample[]): ClockSample | undefined {
  let best: ClockSample | undefined;
  for (const sample of samples) {
    const lead = countAgreeing(samples, sample) - (best ? countAgreeing(samples, best) : 0);
    if (!best || lead > 0 || (lead === 0 && sample.offset < best.offset)) best = sample;
  }
  return best;
}
