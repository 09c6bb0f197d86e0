import assert from "node:assert/strict";
import { test } from "node:test";
import { createServerClock, type ServerClock } from "../../../src/slack/api/server-clock.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { fc } from "../../support/properties.ts";

const TRUE_START = 1_760_000_000;
const YEARS_MS = 86_400_000 * 365;

/** A clock whose wall time is years off, so that it confirms no answer. */
function unsetClock() {
  const clock = createManualClock();
  clock.jump(-40 * YEARS_MS);
  return clock;
}

function observeAll(time: ServerClock, dates: readonly number[]): void {
  for (const date of dates) time.observe({ date });
}

test("now() is undefined before the first answer with a Date", () => {
  assert.equal(createServerClock(createManualClock()).now(), undefined);
});

test("now() advances with the monotonic clock, in whole seconds, and is never ahead", () => {
  const clock = createManualClock();
  const time = createServerClock(clock);
  clock.advance(700);
  time.observe({ date: 1_000 });
  assert.equal(time.now(), 1_000);
  clock.advance(999);
  assert.equal(time.now(), 1_000);
  clock.advance(1);
  assert.equal(time.now(), 1_001);
});

test("now() ignores jumps of this machine's wall clock", () => {
  const clock = createManualClock();
  const time = createServerClock(clock);
  time.observe({ date: 1_000 });
  clock.jump(-YEARS_MS);
  clock.advance(5_000);
  assert.equal(time.now(), 1_005);
});

test("observe() follows small corrections at once, in both directions", () => {
  const clock = createManualClock();
  const time = createServerClock(clock);
  observeAll(time, [1_000, 1_000, 1_000]);
  clock.advance(10_000);
  time.observe({ date: 1_009 });
  assert.equal(time.now(), 1_009);
  time.observe({ date: 1_012 });
  assert.equal(time.now(), 1_012);
});

for (const by of [60, -60, 3_600, -3_600, -7 * 31_536_000, 73 * 31_536_000]) {
  test(`observe() ignores one or two answers that are ${by} s off, and follows three`, () => {
    const time = createServerClock(unsetClock());
    observeAll(time, [TRUE_START, TRUE_START, TRUE_START]);
    assert.equal(time.isDoubted(), false);
    observeAll(time, [TRUE_START + by, TRUE_START + by]);
    assert.equal(time.now(), TRUE_START);
    assert.equal(time.isDoubted(), true);
    time.observe({ date: TRUE_START });
    assert.equal(time.isDoubted(), false);
    observeAll(time, [TRUE_START + by, TRUE_START + by, TRUE_START + by]);
    assert.equal(time.now(), TRUE_START + by);
    assert.equal(time.isDoubted(), false);
  });
}

test("observe() allows for the time that an answer took", () => {
  const clock = unsetClock();
  const time = createServerClock(clock);
  observeAll(time, [1_000, 1_000, 1_000]);
  clock.advance(60_000);
  time.observe({ date: 1_005, tookMs: 58_000 });
  assert.equal(time.isDoubted(), false);
});

test("observe() confirms a first answer only if this machine's clock agrees", () => {
  const clock = createManualClock();
  const agreed = createServerClock(clock);
  agreed.observe({ date: Math.floor(clock.now() / 1_000) + 200 });
  assert.equal(agreed.isDoubted(), false);
  const alone = createServerClock(clock);
  alone.observe({ date: Math.floor(clock.now() / 1_000) + 3_600 });
  assert.equal(alone.isDoubted(), true);
});

test("now() is the earlier of two answers that disagree, and what two of three answers agree on", () => {
  for (const dates of [
    [5_000, 1_000],
    [1_000, 5_000],
    [5_000, 1_000, 1_001],
    [1_000, 5_000, 1_001],
  ]) {
    const time = createServerClock(unsetClock());
    observeAll(time, dates);
    assert.ok([1_000, 1_001].includes(time.now() ?? 0), dates.join());
  }
});

test("markFuture() discards the estimate, and ignores answers that far ahead for five minutes", () => {
  const clock = unsetClock();
  const time = createServerClock(clock);
  observeAll(time, [5_000, 5_000, 5_000]);
  time.markFuture(5_000);
  assert.equal(time.now(), undefined);
  clock.advance(10_000);
  observeAll(time, [5_010, 5_010, 5_010]);
  assert.equal(time.now(), undefined);
  assert.equal(time.isDoubted(), true);
  observeAll(time, [1_010, 1_010, 1_010]);
  assert.equal(time.now(), 1_010);
  assert.equal(time.isDoubted(), false);
  clock.advance(300_000);
  observeAll(time, [5_310, 5_310, 5_310]);
  assert.equal(time.now(), 5_310);
});

/** The error of a wrong answer: from seconds beyond the tolerance up to decades, in both directions. */
const anyError = fc.oneof(
  fc.integer({ min: 30, max: 7_200 }),
  fc.integer({ min: -7_200, max: -30 }),
  fc.constantFrom(-220_000_000, 2_330_000_000),
);

test("now() is right from the fifth answer on if three of any five answers are right", () => {
  const anyAnswers = fc.array(
    fc.record({ error: fc.option(anyError), passedMs: fc.integer({ min: 0, max: 600_000 }) }),
    { minLength: 5, maxLength: 40 },
  );
  fc.assert(
    fc.property(anyAnswers, fc.boolean(), (answers, isSet) => {
      const clock = isSet ? createManualClock(TRUE_START * 1_000) : unsetClock();
      const time = createServerClock(clock);
      const wrong: boolean[] = [];
      for (const { error, passedMs } of answers) {
        clock.advance(passedMs);
        const now = TRUE_START + Math.floor(clock.monotonic() / 1_000);
        const tooMany = wrong.slice(-4).filter(Boolean).length >= 2;
        const off = tooMany ? null : error;
        wrong.push(off !== null);
        time.observe({ date: now + (off ?? 0) });
        if (wrong.length < 5) continue;
        const estimate = time.now() ?? 0;
        assert.ok(Math.abs(estimate - now) <= 1, `${estimate} where it is ${now} after ${wrong.join()}`);
        assert.equal(time.isDoubted(), off !== null);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("now() is right after at most five right answers, whatever came before", () => {
  fc.assert(
    fc.property(fc.array(anyError, { maxLength: 30 }), (errors) => {
      const clock = unsetClock();
      const time = createServerClock(clock);
      observeAll(
        time,
        errors.map((error) => TRUE_START + error),
      );
      let needed = 0;
      do time.observe({ date: TRUE_START });
      while (++needed < 5 && (time.now() !== TRUE_START || time.isDoubted()));
      assert.equal(time.now(), TRUE_START);
      assert.ok(needed <= 3, `${needed} answers`);
    }),
    { numRuns: 2_000 },
  );
});
