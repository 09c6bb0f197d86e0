import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import type { Outcome } from "../../src/model.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import type { Random } from "../../src/runtime/random.ts";
import { type Patience, patiently } from "../../src/runtime/retry.ts";
import { fc } from "../support/properties.ts";

const never = new AbortController().signal;
const ok = { status: "ok", value: 1 } as const;
const retry = (afterMs?: number) =>
  ({ status: "retry", why: "busy", ...(afterMs !== undefined && { afterMs }) }) as const;
const hold = { status: "hold", why: "closed", remedy: "open it" } as const;

/** Patience on a clock that jumps over every wait; `onSleep` is told of it, and may reject as a sleep does. */
function patience({
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
  const patience: Patience = {
    source: "acme",
    target: "collector",
    clock,
    random,
    report: (event) => events.push(event),
    probeMs: 5_000,
  };
  return { patience, waits, events };
}

/** An attempt with these outcomes, one after the other. */
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

test("patiently() says nothing when the first attempt settles it", async () => {
  const refused = { status: "refused", refusal: "no" } as const;
  for (const outcome of [ok, refused]) {
    const { patience: given, waits, events } = patience();
    assert.equal(await patiently(attempts<string>(outcome).attempt, given, never), outcome);
    assert.deepEqual([waits, events], [[], []]);
  }
});

test("patiently() backs off twice as long each time, up to a minute, and at least half of it", async () => {
  const full = [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000);
  const outcomes = () => attempts(...full.map(() => retry()), ok).attempt;
  const low = patience({ fraction: 0 });
  await patiently(outcomes(), low.patience, never);
  assert.deepEqual(
    low.waits,
    full.map((ms) => ms / 2),
  );
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (fraction) => {
      const { patience: given, waits } = patience({ fraction });
      await patiently(outcomes(), given, never);
      for (const [index, ms] of full.entries()) {
        const waited = waits[index] ?? 0;
        assert.ok(waited >= ms / 2 && waited <= ms);
      }
    }),
  );
});

test("patiently() never stops trying", async () => {
  const { patience: given, waits } = patience();
  await patiently(attempts(...Array.from({ length: 2_000 }, () => retry()), ok).attempt, given, never);
  assert.equal(waits.at(-1), 30_000);
});

test("patiently() waits for the time that the other side named, however long it is", async () => {
  const { patience: given, waits, events } = patience();
  await patiently(attempts(retry(7e9), retry(1), ok).attempt, given, never);
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

test("patiently() probes a held attempt, counts the holds, and says when it goes on", async () => {
  const { patience: given, waits, events } = patience();
  const { attempt, seen } = attempts(hold, retry(1_000), hold, ok);
  await patiently(attempt, given, never);
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

test("patiently() tries a held attempt at once when it is woken, and only then", async () => {
  let wake = new AbortController();
  const { patience: given, waits } = patience({ onSleep: (_ms, signal) => wokenUp(signal) });
  const wokenUp = (signal: AbortSignal) => {
    const before = wake;
    wake = new AbortController();
    before.abort();
    assert.equal(signal.aborted, true);
  };
  const { attempt } = attempts(hold, hold, ok);
  assert.deepEqual(await patiently(attempt, { ...given, wake: () => wake.signal }, never), ok);
  assert.deepEqual(waits, [5_000, 5_000]);
});

test("patiently() does not wake an attempt that is to be retried", async () => {
  const { patience: given, waits } = patience();
  await patiently(attempts(retry(9_000), ok).attempt, { ...given, wake: () => AbortSignal.abort() }, never);
  assert.deepEqual(waits, [9_000]);
});

const reason = new Error("killed");

test("patiently() attempts nothing when the signal is aborted already", async () => {
  await assert.rejects(patiently(attempts().attempt, patience().patience, AbortSignal.abort(reason)), reason);
});

test("patiently() keeps the answer that came although the signal aborted meanwhile", async () => {
  const stop = new AbortController();
  const attempt = async () => {
    stop.abort(reason);
    return ok;
  };
  assert.deepEqual(await patiently(attempt, patience().patience, stop.signal), ok);
});

for (const outcome of [retry(), hold]) {
  test(`patiently() rejects without a word when the signal aborts while an attempt ends in ${outcome.status}`, async () => {
    const stop = new AbortController();
    const { patience: given, events, waits } = patience();
    const attempt = async () => {
      stop.abort(reason);
      return outcome;
    };
    await assert.rejects(patiently(attempt, given, stop.signal), reason);
    assert.deepEqual([events, waits], [[], []]);
  });

  for (const wake of [undefined, () => never]) {
    test(`patiently() rejects when the signal aborts while it waits after ${outcome.status}, ${wake ? "wakeable" : "not wakeable"}`, async () => {
      const stop = new AbortController();
      const { patience: given } = patience({ onSleep: () => stop.abort(reason) });
      await assert.rejects(
        patiently(attempts(outcome).attempt, { ...given, ...(wake && { wake }) }, stop.signal),
        reason,
      );
    });
  }
}

test("patiently() rejects with what an attempt throws: that is a fault of the program", async () => {
  const fault = new TypeError("not a function");
  await assert.rejects(
    patiently(async () => Promise.reject(fault), patience().patience, never),
    fault,
  );
});
