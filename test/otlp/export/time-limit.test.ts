import assert from "node:assert/strict";
import { test } from "node:test";
import { createTimeLimit } from "../../../src/otlp/export/time-limit.ts";
import { fc } from "../../support/properties.ts";

test("missed() raises the limit with each timeout, up to a bound", () => {
  const limit = createTimeLimit(10_000);
  const limits = Array.from({ length: 4 }, () => {
    const currentMs = limit.currentMs();
    return [currentMs, limit.missed(currentMs)];
  });
  assert.deepEqual(limits, [
    [10_000, true],
    [60_000, true],
    [320_000, false],
    [320_000, false],
  ]);
});

test("missed() raises the limit once for several requests that time out together", () => {
  const limit = createTimeLimit(10_000);
  for (let request = 0; request < 8; request++) limit.missed(10_000);
  assert.equal(limit.currentMs(), 60_000);
});

test("met() restores the first limit after ten quick answers in a row", () => {
  const limit = createTimeLimit(1_000);
  limit.missed(1_000);
  for (let answer = 0; answer < 50; answer++) limit.met(answer % 10 === 9 ? 3_500 : 10);
  assert.equal(limit.currentMs(), 6_000);
  for (let answer = 0; answer < 10; answer++) limit.met(999);
  assert.equal(limit.currentMs(), 1_000);
});

test("currentMs() stays between the first limit and the bound", () => {
  const calls = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 1e7 })));
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 600_000 }), calls, (firstMs, steps) => {
      const limit = createTimeLimit(firstMs);
      for (const [isMissed, ms] of steps) {
        if (isMissed) limit.missed(limit.currentMs());
        else limit.met(ms);
        assert.ok(limit.currentMs() >= firstMs && limit.currentMs() <= Math.max(firstMs, 600_000));
      }
    }),
  );
});
