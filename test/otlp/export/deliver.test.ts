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
  OK,
  partial,
  REFUSED,
  refuseAll,
  UNANSWERED,
} from "./delivering.ts";

const never = new AbortController().signal;
const stopped = new Error("stopped");
const uids = (count: number) => makeRecords(count).map(uidOf);
const sorted = (list: readonly string[]) => [...list].sort((a, b) => Number(a) - Number(b));
const kinds = ({ events }: Delivering) => events.map(({ event }) => event);
const accept = () => OK;

/** Asserts that each record was delivered once, except `bad`, which were set aside once. */
function assertDelivered(setting: Delivering, count: number, bad: readonly string[] = []): void {
  assert.deepEqual(
    sorted(setting.delivered),
    uids(count).filter((uid) => !bad.includes(uid)),
  );
  assert.deepEqual(sorted(asideOf(setting)), sorted(bad));
}

test("deliver() sends every record once, in order, and reports nothing", async () => {
  const setting = createDelivering(accept, { batches: { maxRecords: 10, maxBytes: 1e9 } });
  await setting.deliver(makeRecords(95), never);
  assert.deepEqual(setting.delivered, uids(95));
  assert.equal(setting.requests.length, 10);
  assert.deepEqual([setting.events, setting.waits, setting.aside], [[], [], []]);
});

test("deliver() sends nothing for a page without records", async () => {
  const setting = createDelivering(accept);
  await setting.deliver([], never);
  assert.deepEqual(setting.requests, []);
});

test("deliver() keeps as many requests in flight as it may, and never more", async () => {
  for (const concurrency of [1, 3, 8]) {
    const setting = createDelivering((_uids, index) => (index % 7 === 3 ? BUSY : OK), {
      concurrency,
      batches: { maxRecords: 5, maxBytes: 1e9 },
    });
    await setting.deliver(makeRecords(200), never);
    assertDelivered(setting, 200);
    assert.equal(setting.mostInFlight(), concurrency);
  }
});

test("deliver() keeps all records while the collector is busy", async () => {
  const setting = createDelivering((_uids, index) => (index < 20 ? BUSY : OK), {
    batches: { maxRecords: 10, maxBytes: 1e9 },
  });
  await setting.deliver(makeRecords(50), never);
  assertDelivered(setting, 50);
  assert.deepEqual(kinds(setting), [...Array(20).fill("retrying"), "resumed"]);
});

test("deliver() does not repeat the accepted batches of a round that fails", async () => {
  const setting = createDelivering((_uids, index) => (index % 2 === 1 && index < 40 ? BUSY : OK), {
    concurrency: 4,
    batches: { maxRecords: 1, maxBytes: 1e9 },
  });
  await setting.deliver(makeRecords(60), never);
  assertDelivered(setting, 60);
});

test("deliver() backs off and reports once for all failed requests of a round", async () => {
  for (const [outcome, event] of [
    [BUSY, "retrying"],
    [CLOSED, "held"],
  ] as const) {
    const setting = createDelivering((_uids, index) => (index < 8 ? outcome : OK), {
      concurrency: 8,
      batches: { maxRecords: 1, maxBytes: 1e9 },
    });
    await setting.deliver(makeRecords(20), never);
    assertDelivered(setting, 20);
    assert.deepEqual(kinds(setting), [event, "resumed"]);
    assert.equal(setting.waits.length, 1);
  }
});

test("deliver() waits for the longest Retry-After of a round", async () => {
  const outcomes: ExportOutcome[] = [{ ...BUSY, afterMs: 30_000 }, { ...BUSY, afterMs: 90_000 }, BUSY, CLOSED];
  const setting = createDelivering((_uids, index) => outcomes[index] ?? OK, {
    concurrency: 4,
    batches: { maxRecords: 1, maxBytes: 1e9 },
  });
  await setting.deliver(makeRecords(4), never);
  assert.deepEqual(setting.waits, [90_000]);
});

test("deliver() finds one bad record among n in 2·log2(n)+3 requests, and sets aside only that one", async () => {
  const cases = fc
    .integer({ min: 1, max: 600 })
    .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n - 1 })));
  await fc.assert(
    fc.asyncProperty(cases, async ([n, bad]) => {
      const setting = createDelivering(refuseAll([String(bad)]));
      await setting.deliver(makeRecords(n), never);
      assertDelivered(setting, n, [String(bad)]);
      assert.ok(setting.requests.length <= 2 * Math.log2(n) + 3, `${setting.requests.length} requests`);
      assert.deepEqual(setting.waits, []);
      const aside = { event: "records_set_aside", source: "acme", records: 1, why: "bad", file: "file 1" };
      assert.deepEqual(setting.events, [aside]);
    }),
    { numRuns: 150 },
  );
});

test("deliver() sets aside several bad records, and no others", async () => {
  const cases = fc.tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 49 }), { maxLength: 12 }),
    fc.integer({ min: 1, max: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([bad, concurrency]) => {
      // A good record separates any two bad ones.
      const uidsOfBad = bad.map((index) => String(index * 2));
      const setting = createDelivering(refuseAll(uidsOfBad), {
        concurrency,
        batches: { maxRecords: 40, maxBytes: 1e9 },
      });
      await setting.deliver(makeRecords(100), never);
      assertDelivered(setting, 100, uidsOfBad);
      if (concurrency === 1) assert.deepEqual(setting.waits, []);
    }),
    { numRuns: 100 },
  );
});

for (const concurrency of [1, 4]) {
  test(`deliver() sets nothing aside while the collector refuses all, and delivers all once it recovers, ${concurrency} at once`, async () => {
    for (const count of [3, 4, 5, 50, 300]) {
      const setting = createDelivering(() => REFUSED, { concurrency, batches: { maxRecords: 100, maxBytes: 1e9 } });
      setting.onWait = () => {
        if (setting.waits.length === 7) setting.respond = accept;
      };
      await setting.deliver(makeRecords(count), never);
      assert.deepEqual(setting.aside, [], `${count} records`);
      assertDelivered(setting, count);
      assert.ok(setting.waits.length >= 7 && setting.waits.length <= 14, `${setting.waits.length} waits`);
      assert.deepEqual([...new Set(kinds(setting))], ["held", "resumed"]);
    }
  });
}

test("deliver() blames the collector after three single records are refused in a row", async () => {
  const setting = createDelivering(() => REFUSED);
  setting.onWait = () => {
    setting.respond = accept;
  };
  await setting.deliver(makeRecords(3), never);
  assert.deepEqual(setting.events[0], {
    event: "held",
    source: "acme",
    target: "collector",
    why: "The collector refused 3 records in a row, each on its own: bad",
    remedy: "look into the collector's log: it is not the records that are at fault",
    probe_ms: 60_000,
  });
});

test("deliver() counts the refusals in a row across pages of one record each", async () => {
  const setting = createDelivering(() => REFUSED);
  const page = (uid: number) => setting.deliver(makeRecords(uid + 1).slice(uid), never);
  await page(0);
  await page(1);
  assert.deepEqual(asideOf(setting), ["0", "1"]);
  setting.onWait = () => {
    if (setting.waits.length === 5) setting.respond = accept;
  };
  await page(2);
  assert.deepEqual(asideOf(setting), ["0", "1"]);
  assert.deepEqual(setting.delivered, ["2"]);
  assert.ok(setting.waits.length >= 5 && setting.waits.length <= 10, `${setting.waits.length} waits`);
  setting.respond = () => REFUSED;
  await page(3);
  assert.deepEqual(asideOf(setting), ["0", "1", "3"]);
});

test("deliver() sets adjacent bad records aside once the collector accepts another record", async () => {
  const bad = ["10", "11", "12", "13", "14"];
  for (const concurrency of [1, 4]) {
    const setting = createDelivering(refuseAll(bad), { concurrency });
    await setting.deliver(makeRecords(100), never);
    assertDelivered(setting, 100, bad);
    if (concurrency === 1) assert.equal(setting.waits.length, 3);
  }
});

test("deliver() sets aside the bad records at the end of a page", async () => {
  for (const concurrency of [1, 4]) {
    for (const [bad, longest] of [
      [uids(100).slice(97), 0],
      [uids(100).slice(95), 20],
      [uids(100).slice(60), 60],
    ] as const) {
      const setting = createDelivering(refuseAll(bad), { concurrency });
      setting.onWait = () => assert.ok(setting.waits.length < 100, "it waits for ever");
      await setting.deliver(makeRecords(100), never);
      assertDelivered(setting, 100, bad);
      if (concurrency === 1) assert.ok(setting.waits.length <= longest, `${setting.waits.length} waits`);
    }
  }
});

test("deliver() sets nothing aside when the collector fails in the middle of a page and recovers soon", async () => {
  const setting = createDelivering((_uids, index) => (index < 3 ? OK : REFUSED), {
    batches: { maxRecords: 10, maxBytes: 1e9 },
  });
  setting.onWait = () => {
    if (setting.waits.length === 9) setting.respond = accept;
  };
  await setting.deliver(makeRecords(50), never);
  assertDelivered(setting, 50);
});

test("deliver() does not repeat set-aside records with the next page", async () => {
  const setting = createDelivering(refuseAll(["10", "11", "12"]));
  await setting.deliver(makeRecords(100), never);
  const before = setting.requests.length;
  await setting.deliver(makeRecords(1), never);
  assert.equal(setting.requests.length, before + 1);
});

test("deliver() sets the whole batch aside after a partial success", async () => {
  const setting = createDelivering(
    (_uids, index) => (index === 1 ? partial(2, "too old") : index === 2 ? partial(1) : OK),
    {
      batches: { maxRecords: 10, maxBytes: 1e9 },
    },
  );
  await setting.deliver(makeRecords(40), never);
  assertDelivered(setting, 40, uids(30).slice(10));
  assert.deepEqual(
    setting.aside.map(({ why }) => why),
    [
      "The collector rejected 2 of 10 records without saying which: too old",
      "The collector rejected 1 of 10 records without saying which",
    ],
  );
  assert.equal(setting.requests.length, 4);
  assert.deepEqual(kinds(setting), ["records_set_aside", "records_set_aside"]);
});

test("deliver() splits a batch that fails twice while the collector accepts another", async () => {
  for (const doubt of [FAILS, BROKEN, UNANSWERED]) {
    for (const bad of ["0", "37", "99"]) {
      const setting = createDelivering((batch) => (batch.includes(bad) ? doubt : OK));
      await setting.deliver(makeRecords(100), never);
      assertDelivered(setting, 100, [bad]);
      assert.ok(setting.requests.length <= 2 * Math.log2(100) + 8, `${setting.requests.length} requests`);
    }
  }
});

test("deliver() holds for as long as the collector denies access", async () => {
  const setting = createDelivering((_uids, index) => (index < 100 ? CLOSED : OK));
  await setting.deliver(makeRecords(10), never);
  assertDelivered(setting, 10);
  assert.ok(setting.requests.every(({ length }) => length === 10));
});

test("deliver() sets nothing aside when a failing collector recovers after ten probes", async () => {
  const setting = createDelivering(() => FAILS);
  setting.onWait = () => {
    if (setting.waits.length === 30) setting.respond = accept;
  };
  await setting.deliver(makeRecords(100), never);
  assertDelivered(setting, 100);
});

const FULL = { status: "hold", why: "ENOSPC", remedy: "make room" } as const;

test("deliver() holds until the dead-letter folder works, with one report per attempt", async () => {
  for (const respond of [refuseAll(["3"]), () => partial(1)]) {
    const setting = createDelivering(respond, { concurrency: 4, batches: { maxRecords: 10, maxBytes: 1e9 } });
    let full = 5;
    setting.onSetAside = () => (full-- > 0 ? FULL : undefined);
    await setting.deliver(makeRecords(40), never);
    const held = setting.events.filter(({ event }) => event === "held");
    assert.equal(held.length, 5);
    assert.ok(held.every((event) => event.event === "held" && event.target === "dead_letters"));
    assert.equal(setting.events.filter(({ event }) => event === "resumed").length, 1);
    assert.equal(setting.delivered.length + asideOf(setting).length, 40);
  }
});

for (const [what, outcome] of Object.entries({ BUSY, CLOSED, FAILS, REFUSED })) {
  test(`deliver() rejects when the signal aborts while a request ends in ${what}, and sets nothing aside`, async () => {
    for (const at of [0, 1, 2, 5]) {
      for (const concurrency of [1, 4]) {
        const stop = new AbortController();
        const respond = (_uids: unknown, index: number) => {
          if (index === at) stop.abort(stopped);
          return stop.signal.aborted ? BUSY : outcome;
        };
        const setting = createDelivering(respond, { concurrency, batches: { maxRecords: 25, maxBytes: 1e9 } });
        await assert.rejects(setting.deliver(makeRecords(100), stop.signal), stopped);
        assert.deepEqual(setting.aside, []);
      }
    }
  });

  test(`deliver() rejects when the signal aborts during the wait after ${what}`, async () => {
    const stop = new AbortController();
    const setting = createDelivering(() => outcome);
    setting.onWait = () => stop.abort(stopped);
    await assert.rejects(setting.deliver(makeRecords(100), stop.signal), stopped);
    assert.deepEqual(setting.aside, []);
  });
}

test("deliver() rejects when the signal aborts before a record is set aside", async () => {
  for (const outcome of [partial(1), REFUSED]) {
    const stop = new AbortController();
    const setting = createDelivering(() => {
      stop.abort(stopped);
      return outcome;
    });
    await assert.rejects(setting.deliver(makeRecords(1), stop.signal), stopped);
    assert.deepEqual(setting.aside, []);
  }
});

test("deliver() rejects when the signal aborts while the dead-letter folder is full", async () => {
  const stop = new AbortController();
  const setting = createDelivering(() => partial(1));
  setting.onSetAside = () => FULL;
  setting.onWait = () => stop.abort(stopped);
  await assert.rejects(setting.deliver(makeRecords(1), stop.signal), stopped);
  assert.deepEqual(setting.aside, []);
});

test("deliver() sends nothing when the signal is already aborted", async () => {
  const setting = createDelivering(accept);
  await assert.rejects(setting.deliver(makeRecords(1), AbortSignal.abort(stopped)), stopped);
  assert.deepEqual(setting.requests, []);
});

test("deliver() delivers or sets aside every record once, for any outcomes", async () => {
  const outcome = fc.constantFrom<ExportOutcome>(OK, OK, BUSY, CLOSED, FAILS, REFUSED, REFUSED, partial(1), {
    ...BUSY,
    afterMs: 5e9,
  });
  const cases = fc.record({
    outcomes: fc.array(outcome, { maxLength: 80 }),
    pages: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
    concurrency: fc.integer({ min: 1, max: 5 }),
    maxRecords: fc.integer({ min: 1, max: 20 }),
    full: fc.array(fc.boolean(), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ outcomes, pages, concurrency, maxRecords, full }) => {
      const setting = createDelivering((_uids, index) => outcomes[index] ?? OK, {
        concurrency,
        batches: { maxRecords, maxBytes: 1e9 },
      });
      setting.onSetAside = () => (full.shift() ? FULL : undefined);
      const all = makeRecords(pages.reduce((sum, page) => sum + page, 0));
      let from = 0;
      for (const page of pages) {
        await setting.deliver(all.slice(from, from + page), never);
        from += page;
        assert.equal(setting.delivered.length + asideOf(setting).length, from);
      }
      assert.deepEqual(sorted([...setting.delivered, ...asideOf(setting)]), all.map(uidOf));
    }),
    { numRuns: 300 },
  );
});
