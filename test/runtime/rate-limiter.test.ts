import assert from "node:assert/strict";
import { test } from "node:test";
import { createRateLimiter } from "../../src/runtime/rate-limiter.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { fc } from "../support/properties.ts";

const never = new AbortController().signal;

test("take() allows the given number of actions in any minute, and waits no longer than needed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 70_000 })), { maxLength: 40 }),
      async (allowed, pauses) => {
        const clock = createManualClock();
        const rateLimiter = createRateLimiter(allowed, clock);
        const sent: number[] = [];
        for (const pause of pauses) {
          clock.advance(pause);
          const calledAt = clock.monotonic();
          await rateLimiter.take(never);
          const freeAt = (sent.at(-allowed) ?? Number.NEGATIVE_INFINITY) + 60_000;
          assert.equal(clock.monotonic(), Math.max(calledAt, freeAt));
          sent.push(clock.monotonic());
        }
        for (const [index, at] of sent.entries()) {
          assert.ok(sent.slice(index).filter((later) => later < at + 60_000).length <= allowed);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("take() uses the monotonic clock: a jump of the wall clock changes nothing", async () => {
  const clock = createManualClock();
  const rateLimiter = createRateLimiter(1, clock);
  await rateLimiter.take(never);
  clock.jump(-3_600_000);
  clock.advance(60_000);
  await rateLimiter.take(never);
  assert.deepEqual(clock.waits, []);
});

test("take() rejects with the signal's reason when it aborts while waiting, and counts nothing", async () => {
  const clock = createManualClock();
  const rateLimiter = createRateLimiter(1, clock);
  await rateLimiter.take(never);
  const signal = clock.deadline(10_000);
  await assert.rejects(rateLimiter.take(signal), (error) => error === signal.reason);
  assert.equal(clock.monotonic(), 10_000);
  await rateLimiter.take(never);
  assert.equal(clock.monotonic(), 60_000);
});

test("tryTake() returns false at once while a minute is full, and counts with take()", async () => {
  const clock = createManualClock();
  const rateLimiter = createRateLimiter(2, clock);
  assert.equal(rateLimiter.tryTake(), true);
  clock.advance(30_000);
  await rateLimiter.take(never);
  assert.equal(rateLimiter.tryTake(), false);
  clock.advance(29_999);
  assert.equal(rateLimiter.tryTake(), false);
  clock.advance(1);
  assert.deepEqual([rateLimiter.tryTake(), rateLimiter.tryTake()], [true, false]);
  assert.deepEqual(clock.waits, []);
});
