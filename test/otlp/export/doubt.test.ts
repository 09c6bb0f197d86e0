import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExportOutcome } from "../../../src/otlp/export/outcome.ts";
import { fc } from "../../support/properties.ts";
import { makeRecords, uidOf } from "../encoding/records.ts";
import {
  asideOf,
  BROKEN,
  BUSY,
  CLOSED,
  createDelivering,
  type Delivering,
  FAILS,
  LATE,
  OK,
  partial,
  REFUSED,
  UNANSWERED,
  UNREADABLE,
} from "./delivering.ts";

const never = new AbortController().signal;
const killed = new Error("killed");
const uids = (count: number) => makeRecords(count).map(uidOf);
const sorted = (list: readonly string[]) => [...list].sort((a, b) => Number(a) - Number(b));
const batchesOf = (maxRecords: number) => ({ batches: { maxRecords, maxBytes: 1e9 } });
const DOUBTS = { UNREADABLE, UNANSWERED, BROKEN, FAILS };

/** The most often that one record went out: a collector that stores whatever it is sent has so many copies. */
function mostCopies({ requests }: Delivering): number {
  const copies = new Map<string, number>();
  for (const uid of requests.flat()) copies.set(uid, (copies.get(uid) ?? 0) + 1);
  return Math.max(0, ...copies.values());
}

/** Delivers until it has waited so often, and is killed then. */
async function deliverFor(setting: Delivering, { records, waits }: { records: number; waits: number }): Promise<void> {
  const stop = new AbortController();
  setting.onWait = () => {
    if (setting.waits.length === waits) stop.abort(killed);
  };
  await assert.rejects(setting.deliver(makeRecords(records), stop.signal), killed);
}

const shapes = fc.record({
  records: fc.integer({ min: 1, max: 60 }),
  maxRecords: fc.integer({ min: 1, max: 60 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
});

test("deliver() sends three copies at most to a collector that stores and answers nonsense, and sets all aside", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, async ({ records, maxRecords, concurrency }) => {
      const setting = createDelivering(() => UNREADABLE, { concurrency, ...batchesOf(maxRecords) });
      await setting.deliver(makeRecords(records), never);
      assert.deepEqual(sorted(asideOf(setting)), uids(records));
      assert.ok(setting.aside.every(({ why }) => why === "nonsense, 3 times in a row"));
      assert.equal(mostCopies(setting), 3);
    }),
    { numRuns: 100 },
  );
});

for (const [what, doubt] of Object.entries(DOUBTS)) {
  test(`deliver() sends three copies at most within an hour, and sets nothing aside, while every first record ends in ${what}`, async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ records, maxRecords, concurrency }) => {
        const setting = createDelivering(() => doubt, { concurrency, ...batchesOf(maxRecords) });
        setting.acknowledged = false;
        await deliverFor(setting, { records, waits: 60 });
        assert.ok(mostCopies(setting) <= (what === "FAILS" ? 20 : 3), `${mostCopies(setting)} copies`);
        assert.deepEqual(setting.aside, []);
        const held = setting.events.findLast(({ event }) => event === "held");
        assert.ok(
          held?.event === "held" && held.why === `The collector has not acknowledged a record yet: ${doubt.why}`,
        );
        assert.match(held.remedy, /export\.endpoint.*export\.protocol.*export\.compression/);
      }),
      { numRuns: 60 },
    );
  });

  test(`deliver() loses nothing when a collector is mended that ended every record in ${what}`, async () => {
    const cases = fc.tuple(shapes, fc.integer({ min: 0, max: 30 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(cases, async ([{ records, maxRecords, concurrency }, waits, acknowledged]) => {
        const setting = createDelivering(() => doubt, { concurrency, ...batchesOf(maxRecords) });
        setting.acknowledged = acknowledged;
        setting.onWait = () => {
          if (setting.waits.length > waits) setting.judge = () => OK;
        };
        await setting.deliver(makeRecords(records), never);
        assert.deepEqual(sorted([...setting.delivered, ...asideOf(setting)]), uids(records));
        // A record alone in its page is blamed after ten probes, where the destination took others before.
        if (what !== "UNREADABLE" && (waits < 9 || !acknowledged)) assert.deepEqual(setting.aside, []);
        // After three copies there is one an hour, and an hour has sixty probes.
        if (what === "UNREADABLE") assert.ok(mostCopies(setting) <= (setting.waits.length < 60 ? 3 : 4));
      }),
      { numRuns: 100 },
    );
  });

  test(`deliver() asks with empty requests, and sends no record, while those end in ${what}`, async () => {
    const setting = createDelivering(() => doubt, { concurrency: 4, ...batchesOf(5) });
    setting.judgeEmpty = () => doubt;
    await deliverFor(setting, { records: 50, waits: 40 });
    assert.equal(mostCopies(setting), 1);
    assert.equal(setting.requests.length, 4);
    assert.equal(setting.empties, 39);
  });

  test(`deliver() sends one batch alone, and then the others, once an empty request is acknowledged after ${what}`, async () => {
    const setting = createDelivering((_uids, index) => (index < 4 ? doubt : OK), { concurrency: 4, ...batchesOf(5) });
    await setting.deliver(makeRecords(50), never);
    assert.deepEqual(sorted(setting.delivered), uids(50));
    assert.equal(mostCopies(setting), 2);
    assert.equal(setting.empties, 1);
  });
}

test("deliver() halves what breaks the connection by its size until it passes, and sets nothing aside", async () => {
  for (const doubt of [BROKEN, UNANSWERED, FAILS]) {
    for (const passes of [1, 3, 10, 49]) {
      for (const concurrency of [1, 4]) {
        const setting = createDelivering((batch) => (batch.length > passes ? doubt : OK), {
          concurrency,
          ...batchesOf(50),
        });
        await setting.deliver(makeRecords(200), never);
        assert.deepEqual(sorted(setting.delivered), uids(200));
        assert.deepEqual(setting.aside, []);
        const levels = Math.ceil(Math.log2(50 / passes));
        assert.ok(mostCopies(setting) <= 3 + levels, `${mostCopies(setting)} copies, ${levels} levels`);
      }
    }
  }
});

test("deliver() sets the records aside that break every connection, and delivers the others", async () => {
  for (const bad of [["0"], ["7"], ["99"], ["3", "50", "51", "98"]]) {
    const setting = createDelivering((batch) => (bad.some((uid) => batch.includes(uid)) ? BROKEN : OK), batchesOf(20));
    await setting.deliver(makeRecords(100), never);
    assert.deepEqual(sorted(asideOf(setting)), bad);
    assert.equal(setting.delivered.length, 100 - bad.length);
  }
});

test("deliver() sets a lone record aside that fails for ten probes, when the destination took others before", async () => {
  const setting = createDelivering(() => BROKEN);
  await setting.deliver(makeRecords(1), never);
  assert.deepEqual(asideOf(setting), ["0"]);
  assert.equal(mostCopies(setting), 3);
});

test("deliver() counts a record that fails again and again once among those that are refused in a row", async () => {
  const setting = createDelivering((batch) => (batch[0] === "0" || batch[0] === "1" ? FAILS : OK));
  setting.onWait = () => assert.ok(setting.waits.length < 100, "it waits for ever");
  for (const [record] of [0, 1, 2].map((index) => makeRecords(3).slice(index, index + 1))) {
    if (record) await setting.deliver([record], never);
  }
  assert.deepEqual(asideOf(setting), ["0", "1"]);
  assert.deepEqual(setting.delivered, ["2"]);
});

test("deliver() goes on when a collector refuses empty requests", async () => {
  const setting = createDelivering((_uids, index) => (index < 2 ? BROKEN : OK), batchesOf(10));
  setting.judgeEmpty = () => REFUSED;
  await setting.deliver(makeRecords(30), never);
  assert.deepEqual(sorted(setting.delivered), uids(30));
});

test("deliver() does not ask before a batch that was told to wait", async () => {
  const setting = createDelivering((_uids, index) => (index < 5 ? { ...BUSY, afterMs: 30_000 } : OK));
  await setting.deliver(makeRecords(10), never);
  assert.equal(setting.empties, 0);
});

test("deliver() sends records in time to a collector that takes one request each time it names one", async () => {
  let grants = 1;
  const ask = (): ExportOutcome => (grants-- > 0 ? OK : { ...BUSY, afterMs: 30_000 });
  const setting = createDelivering((_uids, index) => (index < 3 ? BROKEN : ask()), batchesOf(10));
  setting.judgeEmpty = ask;
  setting.onWait = () => {
    assert.ok(setting.waits.length < 100, "it waits for ever");
    grants = 1;
  };
  await setting.deliver(makeRecords(50), never);
  assert.deepEqual(sorted(setting.delivered), uids(50));
});

const REFUSALS = { REFUSED, "a partial success that rejects all": partial(1_000), CLOSED };

for (const [what, outcome] of Object.entries(REFUSALS)) {
  test(`deliver() sets nothing aside while a destination has never acknowledged a record and answers ${what}`, async () => {
    for (const records of [1, 2, 3, 50]) {
      for (const concurrency of [1, 4]) {
        const all = (batch: readonly string[]) => (what.startsWith("a partial") ? partial(batch.length) : outcome);
        const setting = createDelivering(all, { concurrency, ...batchesOf(20) });
        setting.acknowledged = false;
        setting.onWait = () => {
          if (setting.waits.length === 50) setting.judge = () => OK;
        };
        await setting.deliver(makeRecords(records), never);
        assert.deepEqual(setting.aside, []);
        assert.deepEqual(sorted(setting.delivered), uids(records));
      }
    }
  });
}

test("deliver() sets a bad record aside at first contact once another one is acknowledged", async () => {
  const setting = createDelivering((batch) => (batch.includes("5") ? REFUSED : OK));
  setting.acknowledged = false;
  await setting.deliver(makeRecords(20), never);
  assert.deepEqual(asideOf(setting), ["5"]);
  assert.equal(setting.delivered.length, 19);
  assert.deepEqual(setting.waits, []);
});

test("deliver() takes a partial success that accepts some for an acknowledgement of records", async () => {
  const setting = createDelivering((batch, index) => (index === 0 ? partial(1) : batch.length > 0 ? OK : OK));
  setting.acknowledged = false;
  await setting.deliver(makeRecords(20), never);
  assert.equal(setting.acknowledged, true);
  assert.equal(asideOf(setting).length, 20);
});

test("deliver() says in its hold what the collector said, and names the option that this points at first", async () => {
  for (const [why, option] of [
    ['The collector answered 400: json encoding is not supported for "/v1/logs"', "export.protocol"],
    ["The collector answered 400: unsupported path requested", "export.endpoint"],
    ["The collector answered 400: invalid gzip header", "export.compression"],
    ["The collector answered 400", "export.endpoint"],
  ] as const) {
    const setting = createDelivering(() => ({ status: "refused", refusal: { kind: "records", why } }));
    setting.acknowledged = false;
    await deliverFor(setting, { records: 2, waits: 1 });
    const [held] = setting.events;
    assert.ok(held?.event === "held");
    assert.equal(held.why, `The collector has not acknowledged a record yet: ${why}`);
    assert.match(
      held.remedy,
      new RegExp(`^correct ${option.replace(".", "\\.")}, export\\.\\w+ or export\\.\\w+: nothing is set aside`),
    );
  }
});

test("deliver() loses nothing and sends few copies, whatever a collector that stores answers", async () => {
  const outcome = fc.constantFrom<ExportOutcome>(
    OK,
    OK,
    BUSY,
    CLOSED,
    FAILS,
    BROKEN,
    LATE,
    UNREADABLE,
    REFUSED,
    partial(1),
  );
  const cases = fc.record({
    shape: shapes,
    outcomes: fc.array(outcome, { maxLength: 60 }),
    empties: fc.array(outcome, { maxLength: 30 }),
    acknowledged: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      cases,
      async ({ shape: { records, maxRecords, concurrency }, outcomes, empties, acknowledged }) => {
        const setting = createDelivering((_uids, index) => outcomes[index] ?? OK, {
          concurrency,
          ...batchesOf(maxRecords),
        });
        setting.judgeEmpty = () => empties[setting.empties] ?? OK;
        setting.acknowledged = acknowledged;
        await setting.deliver(makeRecords(records), never);
        assert.deepEqual(sorted([...setting.delivered, ...asideOf(setting)]), uids(records));
      },
    ),
    { numRuns: 500 },
  );
});
