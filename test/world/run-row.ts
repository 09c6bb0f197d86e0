import { setTimeout as sleep } from "node:timers/promises";
import { acknowledge } from "./collector.ts";
import { neverRight, stillWrong } from "./judge.ts";
import { type Observation, observe } from "./observation.ts";
import { startProcess, type WorldProcess } from "./process.ts";
import type { Outside, Row } from "./row.ts";
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
  const outside = (await row.outside?.(stage)) ?? {};
  if (outside.answer && !outside.afterAcknowledgement) stage.collector.answer = outside.answer;
  const program = startProcess(await stage.writeConfig(outside), { address: stage.address, outside });
  stage.cleanups.push(() => end(program));
  const { seen, wrong } = await follow(row, { stage, program, outside });
  return { area, row: row.name, seen, wrong, skipped: false };
}

interface Running {
  readonly stage: Stage;
  readonly program: WorldProcess;
  readonly outside: Outside;
}

async function follow({ expect }: Row, running: Running): Promise<{ seen: Observation; wrong: readonly string[] }> {
  const { stage, program, outside } = running;
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
  if (outside.afterAcknowledgement || outside.signal) {
    await until(({ delivered, exit }) => delivered === ENTRIES || exit !== undefined, DEADLINE_MS);
    if (outside.signal) program.signal(outside.signal);
    if (outside.answer) stage.collector.answer = outside.answer;
    stage.addEntries(ENTRIES);
  }
  let seen = await until(
    (now) => stillWrong(now, expect).length === 0 || neverRight(now, expect).length > 0 || now.exit !== undefined,
    DEADLINE_MS,
  );
  const wrong = [...stillWrong(seen, expect), ...neverRight(seen, expect)];
  if (wrong.length > 0 || expect.exit !== undefined) return { seen, wrong };

  const requests = stage.collector.requests.length + STAYS_REQUESTS;
  seen = await until(
    (now) => neverRight(now, expect).length > 0 || stage.collector.requests.length >= requests,
    STAYS_MS,
  );
  wrong.push(...stillWrong(seen, expect), ...neverRight(seen, expect));
  const also = expect.also?.(stage, stage.collector);
  if (also) wrong.push(also);
  if (wrong.length === 0 && outside.recovers) {
    stage.collector.answer = acknowledge;
    const kept = { ...expect, delivered: "kept", state: ["live"] } as const;
    const after = await until((now) => stillWrong(now, kept).length === 0, DEADLINE_MS);
    wrong.push(...[...stillWrong(after, kept), ...neverRight(after, kept)].map((what) => `recovery: ${what}`));
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
