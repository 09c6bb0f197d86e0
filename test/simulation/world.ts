import { createRandomValues, type RandomValues } from "../../src/demo/random-values.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { type Claims, createClaims } from "./claims.ts";
import { type CollectorWorld, createCollectorWorld } from "./collector-world.ts";
import { createDiskImage, type DiskImage } from "./disk-image.ts";
import { drawSchedule, type Schedule } from "./schedule.ts";
import { createSlackWorld, type SlackWorld } from "./slack-world.ts";
import { createTally, type Tally } from "./tally.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createVerdict, type Verdict } from "./verdict.ts";
import { createDateError } from "./wrong-dates.ts";

/** All that outlives a process: Slack, the collector, the disk and time, and what is known of them in the end. */
export interface World {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly dice: RandomValues;
  readonly timeline: Timeline;
  /** How far the `Date` of the answer that Slack makes now is off. */
  readonly dateError: (nowMs: number) => number;
  readonly slack: SlackWorld;
  readonly collector: CollectorWorld;
  readonly image: DiskImage;
  readonly claims: Claims;
  readonly accounts: Accounts;
  readonly verdict: Verdict;
  readonly tally: Tally;
  /** Takes the story of a run, line by line. */
  readonly tell: (line: string) => void;
}

export interface WorldOptions {
  readonly draw?: (dice: RandomValues) => Schedule;
  readonly tell?: (line: string) => void;
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
  const { entries, faultsEndMs: oddUntilMs } = schedule;
  const slack = createSlackWorld({ ...schedule.slack, entries, oddUntilMs, dice, verdict });
  const dateError = createDateError(schedule.slack.wrongDates, dice);
  const collector = createCollectorWorld({ schedule, dice, tally });
  const claims = createClaims({ schedule, slack, collector, image, verdict });
  const accounts = createAccounts({
    verdict,
    isKnown: () => schedule.collector.known || collector.acknowledged.size > 0 || collector.partly.size > 0,
  });
  return {
    schedule,
    random,
    dice,
    timeline,
    dateError,
    slack,
    collector,
    image,
    claims,
    accounts,
    verdict,
    tally,
    tell,
  };
}
