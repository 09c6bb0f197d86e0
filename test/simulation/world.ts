import { createDice, type Dice } from "../../src/demo/entries/dice.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Random } from "../../src/runtime/random.ts";
import { createAccounts, type Accounts } from "./accounts.ts";
import { createClaims, type Claims } from "./claims.ts";
import { type CollectorWorld, createCollectorWorld } from "./collector-world.ts";
import { createDiskImage, type DiskImage } from "./disk-image.ts";
import { drawSchedule, type Schedule } from "./schedule.ts";
import { createSlackWorld, type SlackWorld } from "./slack-world.ts";
import { createTally, type Tally } from "./tally.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createVerdict, type Verdict } from "./verdict.ts";

/** All that outlives a process: Slack, the collector, the disk and time, and what is known of them in the end. */
export interface World {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly dice: Dice;
  readonly timeline: Timeline;
  readonly slack: SlackWorld;
  readonly collector: CollectorWorld;
  readonly image: DiskImage;
  readonly claims: Claims;
  readonly accounts: Accounts;
  readonly verdict: Verdict;
  readonly tally: Tally;
}

/** The world of a seed, or of a schedule of its own with the seed for everything that happens on the way. */
export function createWorld(seed: number, draw: (dice: Dice) => Schedule = drawSchedule): World {
  const random = seededRandom(seed);
  const dice = createDice(random);
  const schedule = draw(dice);
  const timeline = createTimeline(schedule.timeline);
  const verdict = createVerdict();
  const tally = createTally();
  const image = createDiskImage();
  const { entries, faultsEndMs: oddUntilMs } = schedule;
  const { oddShare } = schedule.slack;
  const slack = createSlackWorld({ entries, oddShare, oddUntilMs, dice, verdict });
  const collector = createCollectorWorld({ schedule, dice, tally });
  const claims = createClaims({ schedule, slack, collector, image, verdict });
  const accounts = createAccounts(verdict);
  return { schedule, random, dice, timeline, slack, collector, image, claims, accounts, verdict, tally };
}
