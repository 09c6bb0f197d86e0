import { setTimeout as sleep } from "node:timers/promises";
import { acknowledge } from "./collector.ts";
import { unmetExpectations, violations } from "./expectations.ts";
import { type Observation, observe } from "./observation.ts";
import { startProcess, type WorldProcess } from "./process.ts";
import type { Environment, Row } from "./row.ts";
import { type Stage, startStage } from "./stage.ts";

/** The result of a row. */
export interface Result {
  readonly area: string;
  readonly row: string;
  readonly seen: Observation | undefined;
  /** The failed expectations; empty when the row passes. */
  readonly wrong: readonly string[];
  readonly skipped: string | false;
}

const ENTRIES = 10;
/** How long a row may take to meet its expectations, and then a good collector to get every entry. */
const DEADLINE_MS = 25_000;
const LOOK_MS = 100;
/** The expectations must then hold for this time, or for this many further requests to the collector. */
const STAYS_MS = 3_000;
const STAYS_REQUESTS = 5;

/** Runs one row with a real daemon. Never rejects: a row that cannot run has failed. */
export async function runRow(area: string, row: Row): Promise<Result> {
  try {
    return await tryRow(area, row);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { area, row: row.name, seen: undefined, wrong: [`cannot be tried: ${why}`], skipped: false };
  }
}

async function tryRow(area: string, row: Row): Promise<Result> {
  const skipped = row.skip?.() ?? false;
  if (skipped !== false) return { area, row: row.name, seen: undefined, wrong: [], skipped };
  await using stage = await startStage();
  stage.addEntries(ENTRIES);
  const environment = (await row.environment?.(stage)) ?? {};
  if (environment.answer && !environment.afterAcknowledgement) stage.collector.answer = environment.answer;
  const program = startProcess(await stage.writeConfig(environment), { address: stage.address, environment });
  stage.cleanups.push(() => end(program));
  const { seen, wrong } = await follow(row, { stage, program, environment });
  return { area, row: row.name, seen, wrong, skipped: false };
}

interface Running {
  readonly stage: Stage;
  readonly program: WorldProcess;
  readonly environment: Environment;
}

async function follow({ expect }: Row, running: Running): Promise<{ seen: Observation; wrong: readonly string[] }> {
  const { stage, program, environment } = running;
  const reasons = new Set<string>();
  const look = () => observe(stage, program, reasons);
  const until = async (right: (seen: Observation) => boolean, ms: number) => {
    const deadline = Date.now() + ms;
    for (;;) {
      const seen = await look();
      if (right(seen) || Date.now() > deadline) return seen;
      await sleep(LOOK_MS);
    }
  };
  if (environment.afterAcknowledgement || environment.signal) {
    await until(({ delivered, exit }) => delivered === ENTRIES || exit !== undefined, DEADLINE_MS);
    if (environment.signal) program.signal(environment.signal);
    if (environment.answer) stage.collector.answer = environment.answer;
    stage.addEntries(ENTRIES);
  }
  let seen = await until(
    (now) =>
      unmetExpectations(now, expect).length === 0 || violations(now, expect).length > 0 || now.exit !== undefined,
    DEADLINE_MS,
  );
  const wrong = [...unmetExpectations(seen, expect), ...violations(seen, expect)];
  if (wrong.length > 0 || expect.exit !== undefined) return { seen, wrong };

  const requests = stage.collector.requests.length + STAYS_REQUESTS;
  seen = await until(
    (now) => violations(now, expect).length > 0 || stage.collector.requests.length >= requests,
    STAYS_MS,
  );
  wrong.push(...unmetExpectations(seen, expect), ...violations(seen, expect));
  const also = expect.also?.(stage, stage.collector);
  if (also) wrong.push(also);
  if (wrong.length === 0 && environment.recovers) {
    stage.collector.answer = acknowledge;
    const kept = { ...expect, delivered: "kept", state: ["live"] } as const;
    const after = await until((now) => unmetExpectations(now, kept).length === 0, DEADLINE_MS);
    wrong.push(...[...unmetExpectations(after, kept), ...violations(after, kept)].map((what) => `recovery: ${what}`));
  }
  return { seen, wrong };
}

/** Ends the daemon. It is killed if it does not end within its grace. */
async function end(program: WorldProcess): Promise<void> {
  if (program.exit() !== undefined) return;
  program.signal("SIGTERM");
  const kill = setTimeout(() => program.signal("SIGKILL"), 5_000);
  await program.ended;
  clearTimeout(kill);
}
