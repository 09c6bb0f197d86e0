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
const stopped = new Error("stopped");
const uids = (count: number) => makeRecords(count).map(uidOf);
const sorted = (list: readonly string[]) => [...list].sort((a, b) => Number(a) - Number(b));
const batchesOf = (maxRecords: number) => ({ batches: { maxRecords, maxBytes: 1e9 } });
const DOUBTS = { UNREADABLE, UNANSWERED, BROKEN, FAILS };

/** Returns how often the most repeated record was sent: a collector that stores each request has so many copies. */
function mostCopies({ requests }: Delivering): number {
  const copies = new Map<string, number>();
  for (const uid of requests.flat()) copies.set(uid, (copies.get(uid) ?? 0) + 1);
  return Math.max(0, ...copies.values());
}

/** Delivers, and aborts at the given number of waits. */
async function deliverFor(setting: Delivering, { records, waits }: { records: number; waits: number }): Promise<void> {
  const stop = new AbortController();
  setting.onWait = () => {
    if (setting.waits.length === waits) stop.abort(stopped);
  };
  await assert.rejects(setting.deliver(makeRecords(records), stop.signal), stopped);
}

const shapes = fc.record({
  records: fc.integer({ min: 1, max: 60 }),
  maxRecords: fc.integer({ min: 1, max: 60 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
});

test("deliver() sends at most three copies to a collector that stores records and answers unreadably, and sets all aside", async () => {
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
  test(`deliver() sends at most three copies within an hour, and sets nothing aside, while every first record ends in ${what}`, async () => {
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

  test(`deliver() loses nothing when a collector recovers after every request ended in ${what}`, async () => {
    const cases = fc.tuple(shapes, fc.integer({ min: 0, max: 30 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(cases, async ([{ records, maxRecords, concurrency }, waits, acknowledged]) => {
        const setting = createDelivering(() => doubt, { concurrency, ...batchesOf(maxRecords) });
        setting.acknowledged = acknowledged;
        setting.onWait = () => {
          if (setting.waits.length > waits) setting.respond = () => OK;
        };
        await setting.deliver(makeRecords(records), never);
        assert.deepEqual(sorted([...setting.delivered, ...asideOf(setting)]), uids(records));
        // The only record of a page is set aside after ten probes if the destination has acknowledged others.
        if (what !== "UNREADABLE" && (waits < 9 || !acknowledged)) assert.deepEqual(setting.aside, []);
        // After three copies there is one copy per hour, which is sixty probes.
        if (what === "UNREADABLE") assert.ok(mostCopies(setting) <= (setting.waits.length < 60 ? 3 : 4));
      }),
      { numRuns: 100 },
    );
  });

  test(`deliver() sends only empty requests while they end in ${what}`, async () => {
    const setting = createDelivering(() => doubt, { concurrency: 4, ...batchesOf(5) });
    setting.respondToEmpty = () => doubt;
    await deliverFor(setting, { records: 50, waits: 40 });
    assert.equal(mostCopies(setting), 1);
    assert.equal(setting.requests.length, 4);
    assert.equal(setting.empties, 39);
  });

  test(`deliver() sends an empty request, then one batch, then the others after ${what}`, async () => {
    const setting = createDelivering((_uids, index) => (index < 4 ? doubt : OK), { concurrency: 4, ...batchesOf(5) });
    await setting.deliver(makeRecords(50), never);
    assert.deepEqual(sorted(setting.delivered), uids(50));
    assert.equal(mostCopies(setting), 2);
    assert.equal(setting.empties, 1);
  });
}

test("deliver() halves batches that are too large for the connection, and sets nothing aside", async () => {
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

test("deliver() sets aside the records that break every connection, and delivers the others", async () => {
  for (const bad of [["0"], ["7"], ["99"], ["3", "50", "51", "98"]]) {
    const setting = createDelivering((batch) => (bad.some((uid) => batch.includes(uid)) ? BROKEN : OK), batchesOf(20));
    await setting.deliver(makeRecords(100), never);
    assert.deepEqual(sorted(asideOf(setting)), bad);
    assert.equal(setting.delivered.length, 100 - bad.length);
  }
});

test("deliver() sets aside a single record that fails for ten probes if the destination has acknowledged others", async () => {
  const setting = createDelivering(() => BROKEN);
  await setting.deliver(makeRecords(1), never);
  assert.deepEqual(asideOf(setting), ["0"]);
  assert.equal(mostCopies(setting), 3);
});

test("deliver() counts a record that fails repeatedly as one suspect", async () => {
  const setting = createDelivering((batch) => (batch[0] === "0" || batch[0] === "1" ? FAILS : OK));
  setting.onWait = () => assert.ok(setting.waits.length < 100, "it waits for ever");
  for (const [record] of [0, 1, 2].map((index) => makeRecords(3).slice(index, index + 1))) {
    if (record) await setting.deliver([record], never);
  }
  assert.deepEqual(asideOf(setting), ["0", "1"]);
  assert.deepEqual(setting.delivered, ["2"]);
});

test("deliver() continues when a collector refuses empty requests", async () => {
  const setting = createDelivering((_uids, index) => (index < 2 ? BROKEN : OK), batchesOf(10));
  setting.respondToEmpty = () => REFUSED;
  await setting.deliver(makeRecords(30), never);
  assert.deepEqual(sorted(setting.delivered), uids(30));
});

test("deliver() sends no empty request after a Retry-After", async () => {
  const setting = createDelivering((_uids, index) => (index < 5 ? { ...BUSY, afterMs: 30_000 } : OK));
  await setting.deliver(makeRecords(10), never);
  assert.equal(setting.empties, 0);
});

test("deliver() delivers to a collector that accepts one request per Retry-After", async () => {
  let grants = 1;
  const ask = (): ExportOutcome => (grants-- > 0 ? OK : { ...BUSY, afterMs: 30_000 });
  const setting = createDelivering((_uids, index) => (index < 3 ? BROKEN : ask()), batchesOf(10));
  setting.respondToEmpty = ask;
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
          if (setting.waits.length === 50) setting.respond = () => OK;
        };
        await setting.deliver(makeRecords(records), never);
        assert.deepEqual(setting.aside, []);
        assert.deepEqual(sorted(setting.delivered), uids(records));
      }
    }
  });
}

test("deliver() sets a bad record aside at first contact once another record is acknowledged", async () => {
  const setting = createDelivering((batch) => (batch.includes("5") ? REFUSED : OK));
  setting.acknowledged = false;
  await setting.deliver(makeRecords(20), never);
  assert.deepEqual(asideOf(setting), ["5"]);
  assert.equal(setting.delivered.length, 19);
  assert.deepEqual(setting.waits, []);
});

test("deliver() treats a partial success that accepts some records as an acknowledgement", async () => {
  const setting = createDelivering((batch, index) => (index === 0 ? partial(1) : batch.length > 0 ? OK : OK));
  setting.acknowledged = false;
  await setting.deliver(makeRecords(20), never);
  assert.equal(setting.acknowledged, true);
  assert.equal(asideOf(setting).length, 20);
});

test("deliver() holds with the collector's message, and names the option that it points at first", async () => {
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

test("deliver() loses nothing for any outcomes of requests and of empty requests", async () => {
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
        setting.respondToEmpty = () => empties[setting.empties] ?? OK;
        setting.acknowledged = acknowledged;
        await setting.deliver(makeRecords(records), never);
        assert.deepEqual(sorted([...setting.delivered, ...asideOf(setting)]), uids(records));
      },
    ),
    { numRuns: 500 },
  );
});
