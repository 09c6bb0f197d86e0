import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/collect.ts";
import { auditSource } from "../../../support/audit-source.ts";
import { idOf } from "../../../support/collecting.ts";
import { createFakeAuthorization } from "../../../support/fake-authorization.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { createMemoryCheckpoints } from "../../../support/memory-checkpoints.ts";
import { createMemorySlack } from "../../../support/memory-slack.ts";
import { fc } from "../../../support/properties.ts";

const LOOKBACK = 300;
const SPAN = 3_000;

/** Where a run of the daemon ends: after this many pages, at this step of the last one. */
type End = { readonly pages: number; readonly at: "delivery" | "save" | "next page" };

const anyRun = fc.record({
  entries: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: SPAN }),
      late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: LOOKBACK })),
    }),
    { minLength: 1, maxLength: 60 },
  ),
  ends: fc.array(
    fc.record({ pages: fc.integer({ min: 1, max: 12 }), at: fc.constantFrom("delivery", "save", "next page") }),
    { maxLength: 15 },
  ),
  pageSize: fc.integer({ min: 1, max: 8 }),
  /** The age of the first entry at the start: a backlog, or none. */
  back: fc.constantFrom(0, SPAN / 2, SPAN),
  maxWindow: fc.constantFrom(LOOKBACK + 1, 400, 3_600),
});

type Run = typeof anyRun extends fc.Arbitrary<infer Value> ? Value : never;

/** Runs the daemon several times with the same checkpoints. The last run continues until no entry can appear. */
async function runAll({ entries, ends, pageSize, back, maxWindow }: Run) {
  const clock = createManualClock();
  const slack = createMemorySlack(clock);
  const start = Math.floor(clock.now() / 1_000) - back;
  for (const [index, { at, late }] of entries.entries()) {
    const date_create = start + at;
    slack.store.add({ id: `e${index}`, date_create }, { visibleAt: (date_create + late) * 1_000 });
  }
  const checkpoints = createMemoryCheckpoints();
  const delivered: string[] = [];
  const lost: number[] = [];
  const everything = clock.deadline((SPAN + 3 * LOOKBACK) * 1_000);
  const lastRun: End = { pages: Number.POSITIVE_INFINITY, at: "next page" };
  for (const end of [...(ends as End[]), lastRun]) {
    const stopping = new AbortController();
    const killed = new AbortController();
    let pages = 0;
    const endsAt = (at: End["at"]) => end.at === at && pages >= end.pages;
    const source = auditSource({
      client: slack.client,
      authorization: createFakeAuthorization({ token: "xoxp-1" }),
      clock,
      startAt: { at: start },
      pageSize,
      limits: { lookback: LOOKBACK, maxWindow },
    });
    await collect(source, {
      checkpoints: {
        ...checkpoints,
        async save(name, position, signal) {
          if (endsAt("save")) killed.abort();
          await checkpoints.save(name, position, signal);
          if (endsAt("next page")) stopping.abort();
        },
      },
      async deliver(records, signal) {
        pages++;
        if (endsAt("delivery")) killed.abort();
        signal.throwIfAborted();
        delivered.push(...records.map(idOf));
        if (endsAt("save")) lost.push(records.length);
      },
      stopping: AbortSignal.any([stopping.signal, everything]),
      hardStop: killed.signal,
    }).catch((error) => assert.equal(error, killed.signal.reason));
  }
  return {
    delivered,
    unsaved: lost.reduce((sum, records) => sum + records, 0),
    expected: entries.map((_, index) => `e${index}`),
  };
}

test("pages() misses no entry that appears within lookback, wherever it is killed and restarted", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const { delivered, expected } = await runAll(run);
      assert.deepEqual([...new Set(delivered)].sort(), expected.sort());
    }),
    { numRuns: 150 },
  );
});

test("pages() sends again at most the pages that were delivered but not saved", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const { delivered, unsaved } = await runAll(run);
      assert.ok(delivered.length - new Set(delivered).size <= unsaved);
    }),
    { numRuns: 150 },
  );
});
