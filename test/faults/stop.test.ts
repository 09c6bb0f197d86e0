import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Random } from "../../src/runtime/random.ts";
import type { Program } from "../process/program.ts";
import { build } from "./build.ts";
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from "./full-disk.ts";
import { inLanes, numberFrom, seedOf } from "./lanes.ts";
import { assertNoLeak, textOf, textsIn } from "./leaks.ts";
import { startWorld, type World } from "./world.ts";

const STOPS = numberFrom("STOPS", 30);
const SEED = seedOf("stop");
const ENTRIES_PER_PROCESS = 30;
const GRACE_MS = 1_000;
/** Without its hard stop the daemon would wait for the collector for 10 s, and for Slack for 120 s. */
const BUSY_MACHINE_MS = 7_000;
/** This share is stopped while it starts, the others after they listen. */
const SHARE_OF_STARTS = 0.1;
const START_MS = 300;
const WORK_MS = 600;

/** The situation when the signal arrives. */
const SITUATIONS = ["nothing", "slack hung", "collector hung", "disk full"] as const;
type Situation = (typeof SITUATIONS)[number];

test(`daemon ends in time with 0 and loses nothing when it is stopped at ${STOPS} random moments`, {
  timeout: 60_000 + STOPS * 3_000,
}, async (t) => {
  const command = await build();
  const noDisk = whyNoSmallDisk();
  if (noDisk) t.diagnostic(`not with a full disk: ${noDisk}`);
  const situations = SITUATIONS.filter((situation) => situation !== "disk full" || !noDisk);
  const rounds = await inLanes(STOPS, { lanes: 4, perRound: 125 }, ({ index, trials }) =>
    playRound(trials, { command, seed: SEED + index, situations, diskIsSmall: !noDisk }),
  );
  const stops = rounds.flatMap((round) => round.stops);
  const times = situations.map((situation) => {
    const found = stops.filter((stop) => stop.situation === situation);
    const slowest = Math.max(...found.map(({ afterMs }) => afterMs));
    return `${found.length} with ${situation}, ${Math.round(slowest)} ms at most`;
  });
  const total = (of: (round: Round) => number) => rounds.reduce((sum, round) => sum + of(round), 0);
  t.diagnostic(
    `${stops.length} stops (${stops.filter(({ listening }) => !listening).length} while starting): ${times.join("; ")}; ` +
      `${total(({ entries }) => entries)} entries, ${total(({ missing }) => missing)} missing, ${total(({ duplicates }) => duplicates)} duplicates, seed ${SEED}`,
  );
  assert.equal(
    total(({ missing }) => missing),
    0,
  );
});

interface Stop {
  readonly situation: Situation;
  readonly afterMs: number;
  readonly listening: boolean;
}

interface Round {
  readonly stops: readonly Stop[];
  readonly entries: number;
  readonly missing: number;
  readonly duplicates: number;
}

interface RoundOptions {
  readonly command: readonly string[];
  readonly seed: number;
  readonly situations: readonly Situation[];
  readonly diskIsSmall: boolean;
}

/** Stops the daemon repeatedly in one world, then lets it finish. */
async function playRound(trials: number, options: RoundOptions): Promise<Round> {
  const { command, seed, situations } = options;
  const random = seededRandom(seed);
  await using world = await startWorld(random, { shutdown_grace: `${GRACE_MS}ms` });
  const { setting, count } = world;
  await mkdir(setting.stateFolder, { mode: 0o700 });
  using disk = options.diskIsSmall ? mountSmallDisk(setting.stateFolder) : undefined;
  const stops: Stop[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const situation = situations[trial % situations.length] ?? "nothing";
    world.addEntries(ENTRIES_PER_PROCESS);
    stops.push(
      await stopOnce(situation, { world, disk, random, command, about: `seed ${seed}, stop ${trial}, ${situation}` }),
    );
  }
  const daemon = await setting.daemon(undefined, { command });
  await world.untilDelivered();
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assert.equal((await daemon.stop()).code, 0);
  const setAside = new Set(await world.setAside());
  const missing = count.missing().filter((id) => !setAside.has(id));
  assert.deepEqual(missing, [], `missing, seed ${seed}`);
  assert.deepEqual(count.unknown(), [], `records of no entry, seed ${seed}`);
  assertNoLeak(world.canaries, { OTLP: textOf(setting.sink.records), ...(await textsIn(setting.stateFolder)) });
  return { stops, entries: count.expected(), missing: missing.length, duplicates: count.duplicates() };
}

interface StopOptions {
  readonly world: World;
  readonly disk: SmallDisk | undefined;
  readonly random: Random;
  readonly command: readonly string[];
  readonly about: string;
}

/** Runs the daemon in a situation, and stops it at a random moment. */
async function stopOnce(situation: Situation, { world, disk, random, command, about }: StopOptions): Promise<Stop> {
  world.hang(situation === "slack hung" ? "slack" : situation === "collector hung" ? "collector" : undefined);
  const program = world.setting.start(["run"], { command });
  const listening = await randomMoment(program, random, async () => {
    if (situation === "disk full") await disk?.fill();
  });
  const before = performance.now();
  program.signal("SIGTERM");
  const { code, stdout, stderr } = await program.ended;
  const afterMs = performance.now() - before;
  world.hang(undefined);
  await disk?.makeRoom();
  // A process without signal handlers has not begun to work.
  const tooEarly = code === null && stdout === "";
  assert.ok(code === 0 || tooEarly, `exit code ${code}, ${about}: ${stderr}${stdout.slice(-2_000)}`);
  assert.ok(afterMs < GRACE_MS + BUSY_MACHINE_MS, `it took ${afterMs} ms, ${about}: ${stdout.slice(-2_000)}`);
  assertNoLeak(world.canaries, { stdout, stderr });
  return { situation, afterMs, listening };
}

/** Resolves at a random moment, with whether the daemon was listening. Calls `prepare` when it begins to listen. */
async function randomMoment(program: Program, random: Random, prepare: () => Promise<void>): Promise<boolean> {
  const atStart = random.fraction() < SHARE_OF_STARTS;
  const share = random.fraction();
  if (atStart) {
    await delay(share * START_MS);
    return program.output().stdout.includes('"started"');
  }
  await Promise.race([program.printed('"started"'), program.ended]);
  await prepare();
  await delay(share * WORK_MS);
  return true;
}
