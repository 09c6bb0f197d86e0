import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Random } from "../../src/runtime/random.ts";
import type { Program } from "../process/program.ts";
import { build } from "./build.ts";
import { inLanes, numberFrom, seedOf } from "./lanes.ts";
import { assertNoLeak, textOf, textsIn } from "./leaks.ts";
import { startWorld, type World } from "./world.ts";

const KILLS = numberFrom("KILLS", 60);
const SEED = seedOf("kill");
const ENTRIES_PER_PROCESS = 40;
/**
 * This share is killed while it starts; the others after one of their first requests to Slack or the collector, while they
 * read, deliver or save. Counting requests makes a slow machine kill at the same points.
 */
const SHARE_OF_STARTS = 0.15;
const START_MS = 400;
const MOST_REQUESTS = 20;
const AFTER_REQUEST_MS = 25;
const IDLE_MS = 1_000;

test(`daemon loses nothing and repeats at most a page when it is killed ${KILLS} times`, {
  timeout: 60_000 + KILLS * 2_000,
}, async (t) => {
  const command = await build();
  const rounds = await inLanes(KILLS, { lanes: 4, perRound: 250 }, ({ index, trials }) =>
    playRound(trials, { command, seed: SEED + index }),
  );
  const total = (of: (round: Round) => number) => rounds.reduce((sum, round) => sum + of(round), 0);
  t.diagnostic(
    `${total(({ kills }) => kills)} kills (${total(({ atWork }) => atWork)} at work, ${total(({ inAWrite }) => inAWrite)} in the middle of a write): ` +
      `${total(({ entries }) => entries)} entries, ${total(({ missing }) => missing)} missing, ` +
      `${total(({ setAside }) => setAside)} set aside, ${total(({ duplicates }) => duplicates)} duplicates, ` +
      `${Math.max(...rounds.map(({ mostRepeated }) => mostRepeated))} at most after one kill, seed ${SEED}`,
  );
  assert.equal(
    total(({ missing }) => missing),
    0,
  );
});

interface Round {
  readonly kills: number;
  /** Killed after their first request to Slack. */
  readonly atWork: number;
  /** Killed while a temporary file of the state existed. */
  readonly inAWrite: number;
  readonly entries: number;
  readonly missing: number;
  readonly setAside: number;
  readonly duplicates: number;
  /** The most duplicates after one kill. */
  readonly mostRepeated: number;
}

/** Kills the daemon repeatedly in one world, then lets it finish. */
async function playRound(kills: number, { command, seed }: { command: readonly string[]; seed: number }) {
  const random = seededRandom(seed);
  await using world = await startWorld(random);
  const { setting, count } = world;
  const tally = { atWork: 0, inAWrite: 0 };
  for (let kill = 0; kill < kills; kill++) {
    world.addEntries(ENTRIES_PER_PROCESS);
    const program = setting.start(["run"], { command });
    const worked = await randomMoment(program, world, random);
    program.signal("SIGKILL");
    const { code, stdout, stderr } = await program.ended;
    assert.equal(code, null, `it ended by itself, seed ${seed}, kill ${kill}: ${stderr}${stdout.slice(-2_000)}`);
    assertNoLeak(world.canaries, { stdout, stderr });
    if (worked) tally.atWork++;
    if ((await readdir(setting.stateFolder).catch(() => [])).some((name) => name.endsWith(".tmp"))) tally.inAWrite++;
  }
  count.nextProcess();
  const daemon = await setting.daemon(undefined, { command });
  await world.untilDelivered();
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assert.equal((await daemon.stop()).code, 0);

  const setAside = new Set(await world.setAside());
  const missing = count.missing().filter((id) => !setAside.has(id));
  assert.deepEqual(missing, [], `missing, seed ${seed}`);
  assert.deepEqual(count.unknown(), [], `records of no entry, seed ${seed}`);
  const mostRepeated = count.mostRepeated();
  const page = world.largestPage();
  assert.ok(mostRepeated <= page, `${mostRepeated} duplicates after one kill, pages of ${page}, seed ${seed}`);
  assertNoLeak(world.canaries, { OTLP: textOf(setting.sink.records), ...(await textsIn(setting.stateFolder)) });
  const numbers = { entries: count.expected(), missing: missing.length, duplicates: count.duplicates() };
  return { kills, ...tally, ...numbers, mostRepeated, setAside: setAside.size } satisfies Round;
}

/** Resolves at a random moment, with whether the daemon had sent a request. */
async function randomMoment(program: Program, world: World, random: Random): Promise<boolean> {
  const atStart = random.fraction() < SHARE_OF_STARTS;
  const share = random.fraction();
  const wanted = 1 + Math.floor(random.fraction() * MOST_REQUESTS);
  let requests = 0;
  const begun = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  world.onRequest(() => {
    if (++requests === 1) world.count.nextProcess();
    begun.resolve();
    if (requests === wanted) reached.resolve();
  });
  if (atStart) await delay(share * START_MS);
  else {
    await Promise.race([begun.promise, program.ended]);
    // An idle daemon may never send that many.
    const enough = new AbortController();
    await Promise.race([reached.promise, program.ended, delay(IDLE_MS, undefined, { signal: enough.signal })]);
    enough.abort();
    await delay(share * AFTER_REQUEST_MS);
  }
  return requests > 0;
}
