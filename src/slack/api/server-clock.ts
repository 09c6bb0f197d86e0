import type { Seconds } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";

/** One answer's word about Slack's clock. */
export interface TimeSample {
  /** The answer's `Date` header. */
  readonly date: Seconds;
  /** How long the answer took: the header may be older than its arrival by that much. */
  readonly tookMs?: number;
}

/** An estimate of Slack's clock: several answers agree on it, and this machine's monotonic clock carries it on. */
export interface ServerClock {
  /** Takes note of an answer that has just arrived. */
  observe(sample: TimeSample): void;
  /** The estimate; undefined before the first answer that told. One `Date` that disagrees does not move it. */
  now(): Seconds | undefined;
  /** Whether further answers are needed: the last one disagreed, or nothing has confirmed the estimate yet. */
  isDoubted(): boolean;
  /** Slack says that `second` is in its future: no estimate reaches that far for a while, and the time is learned anew. */
  refute(second: Seconds): void;
}

/** How far two answers that agree may be apart, beyond the time that they took. */
const TOLERANCE_MS = 5_000;
/** A first answer that agrees so well with this machine's clock needs no second one. */
const SAME_AS_OURS_MS = 300_000;
/** So many of the last answers are kept; the estimate moves when a majority of them agrees. */
const SAMPLES = 5;
const MAJORITY = 3;
/** A suspended machine's monotonic clock stands still, so that a refutation must not count for ever. */
const REFUTED_MS = 300_000;

interface Kept {
  /** Slack's clock less our monotonic one, in milliseconds. */
  readonly offset: number;
  readonly tookMs: number;
}

/**
 * Estimates Slack's clock. While three of any five answers in a row are right, the estimate is right from the fifth on. This
 * machine's wall clock only confirms a first answer; it never sets the estimate.
 */
export function createServerClock(clock: Clock): ServerClock {
  let samples: Kept[] = [];
  let known: Kept | undefined;
  let isDoubted = false;
  let refuted: { readonly offset: number; readonly atMs: number } | undefined;

  const isRefuted = ({ offset }: Kept) => {
    if (refuted && clock.monotonic() - refuted.atMs >= REFUTED_MS) refuted = undefined;
    return refuted !== undefined && offset >= refuted.offset;
  };

  return {
    observe({ date, tookMs = 0 }) {
      const sample = { offset: date * 1_000 - clock.monotonic(), tookMs };
      if (isRefuted(sample)) {
        isDoubted = true;
        return;
      }
      samples = [...samples, sample].slice(-SAMPLES);
      const isConfirmed =
        (known && agree(known, sample)) ||
        countAgreeing(samples, sample) >= MAJORITY ||
        (samples.length === 1 && !refuted && Math.abs(date * 1_000 - clock.now()) <= SAME_AS_OURS_MS);
      if (isConfirmed) known = sample;
      isDoubted = !isConfirmed;
    },
    now() {
      const best = known ?? likeliest(samples);
      return best && Math.floor((best.offset + clock.monotonic()) / 1_000);
    },
    isDoubted: () => isDoubted,
    refute(second) {
      const atMs = clock.monotonic();
      refuted = { offset: second * 1_000 - atMs, atMs };
      samples = [];
      known = undefined;
      isDoubted = true;
    },
  };
}

function agree(one: Kept, other: Kept): boolean {
  return Math.abs(one.offset - other.offset) <= TOLERANCE_MS + one.tookMs + other.tookMs;
}

function countAgreeing(samples: readonly Kept[], sample: Kept): number {
  return samples.filter((other) => agree(sample, other)).length;
}

/** The sample that most others agree with; of several, the earliest: what is asked for too early is only asked for again. */
function likeliest(samples: readonly Kept[]): Kept | undefined {
  let best: Kept | undefined;
  for (const sample of samples) {
    const lead = countAgreeing(samples, sample) - (best ? countAgreeing(samples, best) : 0);
    if (!best || lead > 0 || (lead === 0 && sample.offset < best.offset)) best = sample;
  }
  return best;
}
