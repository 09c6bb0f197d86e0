import { setImmediate as nextTurn } from "node:timers/promises";
import { runDaemon } from "./daemon.ts";
import { type CutOff, createIncarnation, GRACE_MS, type Incarnation } from "./incarnation.ts";
import { judgeEnd } from "./judge-end.ts";
import { outageAt } from "./outages.ts";
import { createRest } from "./rest.ts";
import type { Tally } from "./tally.ts";
import type { Failure } from "./verdict.ts";
import type { World } from "./world.ts";

export interface Simulated {
  readonly failure: Failure | undefined;
  readonly tally: Tally;
}

const HOUR_MS = 3_600_000;
const MOST_STEPS = 400_000;

/** Runs a world to its end: process after process, until all is delivered and has been quiet, or a property is broken. */
export async function simulate(world: World): Promise<Simulated> {
  const { schedule, timeline, dice, verdict, tally, image } = world;
  const lookback = Math.max(...schedule.sources.map(({ settings }) => settings.lookback));
  const pollIntervalMs = Math.max(...schedule.sources.map(({ settings }) => settings.pollIntervalMs));
  const rest = createRest(world);
  const steps = { left: MOST_STEPS };
  let troubleMs = rest.fromMs;
  const lastMs = () => troubleMs + 2_000 * lookback + 50 * pollIntervalMs + 6 * HOUR_MS;

  while (!verdict.failure && !rest.ended) {
    const incarnation = createIncarnation({ ...world, steps, isOver: rest.isOver, lastMs });
    const troubleUntil = (ms: number) => {
      troubleMs = Math.max(troubleMs, ms);
    };
    switch (await endOf(runDaemon(world, incarnation, troubleUntil), incarnation, world)) {
      case "power lost":
        image.losePower(dice);
        tally.powerLosses++;
        tally.crashes++;
        break;
      case "crashed":
        tally.crashes++;
        break;
      case "killed":
        tally.killed++;
        break;
      case "stopped":
        tally.stops++;
    }
    if (incarnation.stoppingForMs() > GRACE_MS + 1_000) {
      verdict.fail("a stop ends within its grace", `${incarnation.stoppingForMs()} ms`);
    }
    timeline.advance(dice.pick([100, 5_000, 5_000, 120_000]));
  }
  rest.judge();
  judgeEnd(world, rest.fromMs);
  return { failure: verdict.failure, tally };
}

type Ending = CutOff | "stopped" | "killed" | "disk failed" | "failed" | "hung";

/** How a process ended, once nothing more can happen in it. */
async function endOf(running: Promise<void>, incarnation: Incarnation, world: World): Promise<Ending> {
  let ending: Ending | undefined;
  void Promise.race([incarnation.cutOff, outcomeOf(running, incarnation, world)]).then((first) => {
    ending = first;
  });
  for (;;) {
    // In one turn of the event loop happens all that needs no time to pass.
    await nextTurn();
    if (ending === undefined && incarnation.fireNext()) continue;
    if (ending === undefined) world.verdict.fail("the run ends", "the daemon waits for something that never comes");
    const found = ending ?? "hung";
    world.tell(() => `--- ${found}`);
    return found;
  }
}

async function outcomeOf(
  running: Promise<void>,
  { hardStop }: Incarnation,
  { schedule, timeline, verdict }: World,
): Promise<Ending> {
  try {
    await running;
    return "stopped";
  } catch (error) {
    if (hardStop.aborted) return "killed";
    // Where the disk fails at the start the program ends, and somebody starts it again.
    if (outageAt(schedule.diskOutages, timeline.now())) return "disk failed";
    verdict.fail("the daemon lives until it is stopped", error instanceof Error ? `${error.stack}` : String(error));
    return "failed";
  }
}
