/** The time of a simulated world. Slack's clock is the true one; ours is a machine's. */
export interface Timeline {
  /** True time and Slack's, in milliseconds since 1970. */
  now(): number;
  /** Our monotonic clock: it stands still while the machine is suspended. */
  awake(): number;
  /** Our wall clock, which may be wrong and may jump. */
  wall(): number;
  /** Lets so much time pass while the machine is awake; a suspend that falls into it comes on top. */
  advance(ms: number): void;
}

export interface TimelineOptions {
  readonly startMs: number;
  readonly wallErrorMs: number;
  /** How far the wall clock jumps, and when on the true clock. */
  readonly jumps: readonly { readonly atMs: number; readonly byMs: number }[];
  /** When on the true clock the machine goes to sleep. */
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
