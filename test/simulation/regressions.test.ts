import assert from "node:assert/strict";
import { test } from "node:test";
import { calmSchedule, calmSource, entryAt } from "./calm.ts";
import type { Schedule } from "./schedule.ts";
import { simulate } from "./simulate.ts";
import { createWorld } from "./world.ts";

/** The smallest schedules on which the simulation once found a fault of the receiver, each with a few throws of the dice. */
async function assertKept(schedule: Schedule, seeds: number): Promise<void> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure } = await simulate(createWorld(seed, { draw: () => schedule }));
    assert.deepEqual(failure, undefined, `seed ${seed}`);
  }
}

const calm = calmSchedule();
const { settings: calmSettings, slack: calmSlack } = calmSource();
const entries = [0, 30, 60, 90, 120, 150, 180, 210].map((second) => entryAt(second));

for (const year of [1970, 2038]) {
  test(`a date in Retry-After is waited for, and no longer, by a machine that thinks it is ${year}`, async () => {
    const wallErrorMs = Date.UTC(year, 0, 1) - calm.timeline.startMs;
    const timeline = { ...calm.timeline, wallErrorMs };
    await assertKept(
      calmSchedule({ timeline, sources: [calmSource({ entries, slack: { ...calmSlack, faultShare: 0.5 } })] }),
      20,
    );
    await assertKept(
      calmSchedule({ timeline, sources: [calmSource({ entries })], collector: { ...calm.collector, faultShare: 0.5 } }),
      20,
    );
  });
}

test("a date in Retry-After without a Date to read it by does not hold a machine in 1970 for decades", async () => {
  const timeline = { ...calm.timeline, wallErrorMs: -calm.timeline.startMs };
  const slack = { ...calmSlack, faultShare: 0.5, datelessShare: 1 };
  await assertKept(
    calmSchedule({ timeline, sources: [calmSource({ entries: [...entries, entryAt(1_000)], slack })] }),
    20,
  );
});

test("an empty log whose answers lack the Date does not begin in 1970", async () => {
  for (const secondsBack of [0, 600]) {
    const settings = { ...calmSettings, startAt: { secondsBack } };
    const slack = { ...calmSlack, datelessShare: 1 };
    await assertKept(
      calmSchedule({ sources: [calmSource({ settings, slack, entries: [entryAt(700), entryAt(800)] })] }),
      1,
    );
  }
});

test("dead letters outlast a power loss when the process that made their folder was killed", async () => {
  const poisoned = entries.map((entry, index) => (index === 0 ? { ...entry, poison: 400 as const } : entry));
  const ends = { crashChance: 0.05, stopChance: 0, powerLossShare: 0.5 };
  await assertKept(calmSchedule({ sources: [calmSource({ entries: poisoned })], ends }), 100);
});

test("of two requests that are told to wait, the longer wait counts", async () => {
  const settings = { ...calmSettings, pageSize: 8 };
  const exporter = { maxBatchRecords: 1, concurrency: 4 };
  const late = entries.map((entry) => ({ ...entry, visibleAtMs: entry.visibleAtMs + 60_000 }));
  const sources = [calmSource({ settings, entries: late })];
  await assertKept(calmSchedule({ sources, exporter, collector: { ...calm.collector, faultShare: 0.6 } }), 40);
});
