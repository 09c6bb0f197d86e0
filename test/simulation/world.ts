import { createRandomValues, type RandomValues } from "../../src/demo/random-values.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { type Claims, createClaims } from "./claims.ts";
import { type CollectorWorld, createCollectorWorld } from "./collector-world.ts";
import { createDiskImage, type DiskImage } from "./disk-image.ts";
import { drawSchedule, type Schedule, type SourceSchedule } from "./schedule.ts";
import { createSlackWorld, type SlackWorld } from "./slack-world.ts";
import { createTally, type Tally } from "./tally.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createVerdict, type Verdict } from "./verdict.ts";
import { createDateError } from "./wrong-dates.ts";

/** One organisation and what is known of its source: it outlives a process. */
export interface SourceWorld {
  readonly name: string;
  readonly schedule: SourceSchedule;
  readonly slack: SlackWorld;
  /** The error of the `Date` in the answer that Slack makes now. */
  readonly dateError: (nowMs: number) => number;
  readonly claims: Claims;
  readonly accounts: Accounts;
}

/** All that outlives a process: the organisations, the collector, the disk and time, and what is known of them in the end. */
export interface World {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly dice: RandomValues;
  readonly timeline: Timeline;
  readonly sources: readonly SourceWorld[];
  readonly collector: CollectorWorld;
  readonly image: DiskImage;
  readonly verdict: Verdict;
  readonly tally: Tally;
  /** Takes the story of a run, line by line. */
  readonly tell: (line: () => string) => void;
}

export interface WorldOptions {
  readonly draw?: (dice: RandomValues) => Schedule;
  readonly tell?: (line: () => string) => void;
}

/** The world of a seed: the same seed is the same world, down to the last jitter. */
export function createWorld(seed: number, { draw = drawSchedule, tell = () => {} }: WorldOptions = {}): World {
  const random = seededRandom(seed);
  const dice = createRandomValues(random);
  const schedule = draw(dice);
  const timeline = createTimeline(schedule.timeline);
  const verdict = createVerdict();
  const tally = createTally();
  const image = createDiskImage();
  const collector = createCollectorWorld({ schedule, dice, tally });
  const isKnown = () => schedule.collector.known || collector.acknowledged.size > 0 || collector.partly.size > 0;
  const sources = schedule.sources.map((source): SourceWorld => {
    const { entries, slack: traits } = source;
    const slack = createSlackWorld({ ...traits, entries, oddUntilMs: schedule.faultsEndMs, dice, verdict });
    return {
      name: source.name,
      schedule: source,
      slack,
      dateError: createDateError(traits.wrongDates, dice),
      claims: createClaims({ schedule: source, slack, collector, image, verdict }),
      accounts: createAccounts({ verdict, isKnown }),
    };
  });
  return { schedule, random, dice, timeline, sources, collector, image, verdict, tally, tell };
}
