import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../src/runtime/clock.ts";

const never = new AbortController().signal;
/** Takes several turns of the event loop, and longer than the shortest timer. */
const aMoment = () => systemClock.sleep(20, never);

test("sleep() resolves after its time", async () => {
  const from = systemClock.monotonic();
  await systemClock.sleep(15, never);
  assert.ok(systemClock.monotonic() - from >= 14);
  await systemClock.sleep(0, never);
  await systemClock.sleep(-1, never);
});

test("sleep() does not resolve at once for a time above the limit of a timer", async () => {
  const stop = new AbortController();
  for (const ms of [2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, 1e15, Number.POSITIVE_INFINITY]) {
    let over = false;
    systemClock.sleep(ms, stop.signal).then(
      () => {
        over = true;
      },
      () => {},
    );
    await aMoment();
    assert.equal(over, false, String(ms));
  }
  stop.abort();
});

test("sleep() rejects with the signal's reason whenever it aborts", async () => {
  const reason = new Error("enough");
  await assert.rejects(systemClock.sleep(1e9, AbortSignal.abort(reason)), reason);
  await assert.rejects(systemClock.sleep(0, AbortSignal.abort(reason)), reason);
  const stop = new AbortController();
  const sleeping = systemClock.sleep(1e15, stop.signal);
  stop.abort(reason);
  await assert.rejects(sleeping, reason);
});

test("sleep() resolves in a later turn, however short it is", async () => {
  for (const ms of [0, -1, 1]) {
    const turns: string[] = [];
    setImmediate(() => turns.push("other"));
    await systemClock.sleep(ms, never);
    turns.push("own");
    assert.deepEqual(turns, ["other", "own"], String(ms));
  }
});

test("sleep() of 0 ms rejects when the signal aborts before its turn", async () => {
  for (const ms of [0, -1, 10_000]) {
    const stop = new AbortController();
    const reason = new Error("enough");
    setImmediate(() => stop.abort(reason));
    await assert.rejects(systemClock.sleep(ms, stop.signal), reason, String(ms));
  }
});

test("deadline() aborts with a TimeoutError", async () => {
  const deadline = systemClock.deadline(5);
  assert.equal(deadline.aborted, false);
  await assert.rejects(systemClock.sleep(10_000, deadline), { name: "TimeoutError" });
});

test("now() is the time of day and monotonic() never goes back", () => {
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
  const [first, second] = [systemClock.monotonic(), systemClock.monotonic()];
  assert.ok(second >= first);
});
