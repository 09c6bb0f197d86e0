import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { type TestContext, test } from "node:test";
import { fc } from "../support/properties.ts";
import { drawDay } from "./day.ts";
import { type Simulated, simulate } from "./simulate.ts";
import { startSimulators } from "./simulators.ts";
import { addTally, createTally, type Tally } from "./tally.ts";
import { createWorld } from "./world.ts";

const SCHEDULES = Number(process.env.SIMULATIONS ?? 800);
const AT_A_TIME = 50;
/** The gate has other tests to run at the same time. */
const THREADS = process.env.SIMULATIONS === undefined ? 1 : availableParallelism();
const REPLAYED = process.env.SIMULATION_SEED;

/** Any of 2^32 worlds, none more likely than another: a smaller seed is no smaller world. */
const seed = fc.noBias(fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const seeds = fc.array(seed, { minLength: AT_A_TIME, maxLength: AT_A_TIME });

function assertKept({ failure }: Simulated, replay: string): void {
  if (failure) assert.fail(`${failure.property}: ${failure.detail}; replay with: ${replay}`);
}

function show(t: TestContext, total: Tally): void {
  const figures = Object.entries(total).map(([name, count]) => `${name} ${Math.round(count).toLocaleString("en")}`);
  t.diagnostic(figures.join(", "));
}

test(`${SCHEDULES} schedules of faults, crashes and stops lose nothing`, {
  skip: REPLAYED !== undefined,
}, async (t) => {
  const total = createTally();
  const simulators = startSimulators(THREADS);
  t.after(() => simulators.close());
  const property = fc.asyncProperty(seeds, async (some) => {
    for (const [index, simulated] of (await simulators.simulate(some)).entries()) {
      addTally(total, simulated.tally);
      assertKept(simulated, `SIMULATION_SEED=${some[index]} npm run simulate`);
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(SCHEDULES / AT_A_TIME), endOnFailure: true });
  show(t, total);
});

test("24 simulated hours in which Slack fails three times of ten lose nothing and keep the budget", async (t) => {
  const simulated = await simulate(createWorld(Number(REPLAYED ?? 24), { draw: drawDay }));
  show(t, simulated.tally);
  assertKept(simulated, "SIMULATION_SEED=24 npm run simulate");
  assert.ok(simulated.tally.simulatedHours >= 24);
});

test("the schedule of SIMULATION_SEED tells its story", { skip: REPLAYED === undefined }, async (t) => {
  const simulated = await simulate(createWorld(Number(REPLAYED), { tell: (line) => t.diagnostic(line()) }));
  show(t, simulated.tally);
  assertKept(simulated, `SIMULATION_SEED=${REPLAYED} npm run simulate`);
});

test("a seed is a world: the same one ends the same", async () => {
  for (const seed of [1, 2, 3]) {
    assert.deepEqual(await simulate(createWorld(seed)), await simulate(createWorld(seed)));
  }
});
