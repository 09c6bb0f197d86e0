/** Time in a simulated world: the true time, which is Slack's, and the two clocks of our machine. */
export interface Timeline {
  /** True time and Slack's, in milliseconds since 1970. */
  now(): number;
  /** Our monotonic clock, which stops while the machine is suspended. */
  awake(): number;
  /** Our wall clock, which may be wrong and may jump. */
  wall(): number;
  /** Lets `ms` pass on the monotonic clock. A suspend that falls into them adds its own time. */
  advance(ms: number): void;
}

export interface TimelineOptions {
  readonly startMs: number;
  readonly wallErrorMs: number;
  /** Jumps of the wall clock, at true times. */
  readonly jumps: readonly { readonly atMs: number; readonly byMs: number }[];
  /** The true times at which the machine is suspended. */
  readonly suspends: readonly number[];
}

const SUSPEND_MS = 600_000;

export function createTimeline({ startMs, wallErrorMs, jumps, suspends }: TimelineOptions): Timeline {
  let now = startMs;
  let asleep = 0;
  const nights = [...suspends].sort((a, b) => a - b);

  return {
    now: () => now,
    awake: () => now - startMs - asleep,
    wall: () => jumps.reduce((wall, { atMs, byMs }) => (now >= atMs ? wall + byMs : wall), now + wallErrorMs),
    advance(ms) {
      now += Math.max(0, ms);
      while (nights[0] !== undefined && nights[0] <= now) {
        nights.shift();
        asleep += SUSPEND_MS;
        now += SUSPEND_MS;
      }
    },
  };
}
