import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import type { Outcome } from "../../src/model.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type RetryPolicy, retry } from "../../src/runtime/retry.ts";
import { fc } from "../support/properties.ts";

const never = new AbortController().signal;
const ok = { status: "ok", value: 1 } as const;
const retryOutcome = (afterMs?: number) =>
  ({ status: "retry", why: "busy", ...(afterMs !== undefined && { afterMs }) }) as const;
const hold = { status: "hold", why: "closed", remedy: "open it" } as const;

/** A retry policy whose clock skips every wait. `onSleep` is called with each, and may reject as a sleep does. */
function retryPolicy({
  fraction = 0,
  onSleep = () => {},
}: {
  fraction?: number;
  onSleep?: (ms: number, signal: AbortSignal) => void;
} = {}) {
  let nowMs = 0;
  const waits: number[] = [];
  const events: Event[] = [];
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    deadline: () => never,
    async sleep(ms, signal) {
      waits.push(ms);
      onSleep(ms, signal);
      signal.throwIfAborted();
      nowMs += ms;
    },
  };
  const random: Random = { bytes: Buffer.alloc, fraction: () => fraction };
  const retryPolicy: RetryPolicy = {
    source: "acme",
    target: "collector",
    clock,
    random,
    report: (event) => events.push(event),
    probeMs: 5_000,
  };
  return { retryPolicy, waits, events };
}

/** An attempt that returns these outcomes in order. */
function attempts<Refusal = never>(...outcomes: Outcome<number, Refusal>[]) {
  const seen: number[] = [];
  const attempt = async ({ holds }: { holds: number }) => {
    seen.push(holds);
    const outcome = outcomes.shift();
    assert.ok(outcome, "asked once too often");
    return outcome;
  };
  return { attempt, seen };
}

test("retry() reports nothing when the first attempt ends it", async () => {
  const refused = { status: "refused", refusal: "no" } as const;
  for (const outcome of [ok, refused]) {
    const { retryPolicy: given, waits, events } = retryPolicy();
    assert.equal(await retry(attempts<string>(outcome).attempt, given, never), outcome);
    assert.deepEqual([waits, events], [[], []]);
  }
});

test("retry() doubles its backoff up to a minute, with half of it random", async () => {
  const full = [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000);
  const outcomes = () => attempts(...full.map(() => retryOutcome()), ok).attempt;
  const low = retryPolicy({ fraction: 0 });
  await retry(outcomes(), low.retryPolicy, never);
  assert.deepEqual(
    low.waits,
    full.map((ms) => ms / 2),
  );
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (fraction) => {
      const { retryPolicy: given, waits } = retryPolicy({ fraction });
      await retry(outcomes(), given, never);
      for (const [index, ms] of full.entries()) {
        const waited = waits[index] ?? 0;
        assert.ok(waited >= ms / 2 && waited <= ms);
      }
    }),
  );
});

test("retry() never stops trying", async () => {
  const { retryPolicy: given, waits } = retryPolicy();
  await retry(attempts(...Array.from({ length: 2_000 }, () => retryOutcome()), ok).attempt, given, never);
  assert.equal(waits.at(-1), 30_000);
});

test("retry() waits as long as the outcome asks", async () => {
  const { retryPolicy: given, waits, events } = retryPolicy();
  await retry(attempts(retryOutcome(7e9), retryOutcome(1), ok).attempt, given, never);
  assert.deepEqual(waits, [7e9, 1_000]);
  assert.deepEqual(events[0], {
    event: "retrying",
    source: "acme",
    target: "collector",
    why: "busy",
    attempt: 1,
    after_ms: 7e9,
  });
});

test("retry() probes a held attempt, counts the holds, and reports when it succeeds", async () => {
  const { retryPolicy: given, waits, events } = retryPolicy();
  const { attempt, seen } = attempts(hold, retryOutcome(1_000), hold, ok);
  await retry(attempt, given, never);
  assert.deepEqual(waits, [5_000, 1_000, 5_000]);
  assert.deepEqual(seen, [0, 1, 1, 2]);
  const held = {
    event: "held",
    source: "acme",
    target: "collector",
    why: "closed",
    remedy: "open it",
    probe_ms: 5_000,
  };
  assert.deepEqual(events[0], held);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["held", "retrying", "held", "resumed"],
  );
  assert.deepEqual(events.at(-1), { event: "resumed", source: "acme", target: "collector", after_ms: 11_000 });
});

test("retry() tries a held attempt at once only when it is woken", async () => {
  let wake = new AbortController();
  const { retryPolicy: given, waits } = retryPolicy({ onSleep: (_ms, signal) => wokenUp(signal) });
  const wokenUp = (signal: AbortSignal) => {
    const before = wake;
    wake = new AbortController();
    before.abort();
    assert.equal(signal.aborted, true);
  };
  const { attempt } = attempts(hold, hold, ok);
  assert.deepEqual(await retry(attempt, { ...given, wake: () => wake.signal }, never), ok);
  assert.deepEqual(waits, [5_000, 5_000]);
});

test("retry() tries a held attempt again at once when it is woken during the attempt", async () => {
  let wake = new AbortController();
  const sleptThrough: boolean[] = [];
  const { retryPolicy: given } = retryPolicy({ onSleep: (_ms, signal) => sleptThrough.push(!signal.aborted) });
  let attempted = 0;
  const attempt = async () => {
    if (++attempted === 2) return ok;
    const before = wake;
    wake = new AbortController();
    before.abort();
    return hold;
  };
  assert.deepEqual(await retry(attempt, { ...given, wake: () => wake.signal }, never), ok);
  assert.deepEqual(sleptThrough, [false]);
});

test("retry() does not wake an attempt that is to be retried", async () => {
  const { retryPolicy: given, waits } = retryPolicy();
  await retry(attempts(retryOutcome(9_000), ok).attempt, { ...given, wake: () => AbortSignal.abort() }, never);
  assert.deepEqual(waits, [9_000]);
});

const reason = new Error("killed");

test("retry() attempts nothing when the signal is already aborted", async () => {
  await assert.rejects(retry(attempts().attempt, retryPolicy().retryPolicy, AbortSignal.abort(reason)), reason);
});

test("retry() returns an outcome that arrives after the signal aborts", async () => {
  const stop = new AbortController();
  const attempt = async () => {
    stop.abort(reason);
    return ok;
  };
  assert.deepEqual(await retry(attempt, retryPolicy().retryPolicy, stop.signal), ok);
});

for (const outcome of [retryOutcome(), hold]) {
  test(`retry() rejects without a report when the signal aborts while an attempt ends in ${outcome.status}`, async () => {
    const stop = new AbortController();
    const { retryPolicy: given, events, waits } = retryPolicy();
    const attempt = async () => {
      stop.abort(reason);
      return outcome;
    };
    await assert.rejects(retry(attempt, given, stop.signal), reason);
    assert.deepEqual([events, waits], [[], []]);
  });

  for (const wake of [undefined, () => never]) {
    test(`retry() rejects when the signal aborts while it waits after ${outcome.status}, ${wake ? "wakeable" : "not wakeable"}`, async () => {
      const stop = new AbortController();
      const { retryPolicy: given } = retryPolicy({ onSleep: () => stop.abort(reason) });
      await assert.rejects(retry(attempts(outcome).attempt, { ...given, ...(wake && { wake }) }, stop.signal), reason);
    });
  }
}

test("retry() rejects with the error that an attempt throws", async () => {
  const fault = new TypeError("not a function");
  await assert.rejects(
    retry(async () => Promise.reject(fault), retryPolicy().retryPolicy, never),
    fault,
  );
});
