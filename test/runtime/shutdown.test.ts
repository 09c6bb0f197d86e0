import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createShutdown } from "../../src/runtime/shutdown.ts";

function live() {
  const signals = new EventEmitter();
  const grace = new AbortController();
  const events: Event[] = [];
  const graces: number[] = [];
  let exits = 0;
  const deadline = (ms: number) => {
    graces.push(ms);
    return grace.signal;
  };
  const shutdown = createShutdown(signals, {
    graceMs: 8_000,
    clock: { ...systemClock, deadline },
    report: (event) => events.push(event),
    exitNow: () => exits++,
  });
  return { shutdown, signals, events, graces, endGrace: () => grace.abort(), exits: () => exits };
}

test("createShutdown() does nothing before a signal", () => {
  const { shutdown, events, graces } = live();
  assert.deepEqual([shutdown.stopping.aborted, shutdown.hardStop.aborted, events, graces], [false, false, [], []]);
});

for (const name of ["SIGTERM", "SIGINT"]) {
  test(`createShutdown() aborts stopping at the first ${name}, and hardStop when the grace is over`, () => {
    const { shutdown, signals, events, graces, endGrace, exits } = live();
    signals.emit(name);
    assert.equal(shutdown.stopping.aborted, true);
    assert.equal(shutdown.stopping.reason.message, `Stopping: ${name}`);
    assert.equal(shutdown.hardStop.aborted, false);
    assert.deepEqual(events, [{ event: "stopping", why: name, grace_ms: 8_000 }]);
    assert.deepEqual(graces, [8_000]);
    endGrace();
    assert.equal(shutdown.hardStop.aborted, true);
    assert.equal(shutdown.hardStop.reason.message, "The grace is over");
    assert.equal(exits(), 0);
  });
}

test("createShutdown() exits at once at the second signal of either kind", () => {
  const { shutdown, signals, events, exits } = live();
  signals.emit("SIGTERM");
  signals.emit("SIGINT");
  assert.equal(exits(), 1);
  assert.equal(shutdown.hardStop.aborted, false);
  assert.equal(events.length, 1);
});

test("stop() begins the shutdown once, and the next signal counts as the second", () => {
  const { shutdown, signals, events, graces, exits } = live();
  shutdown.stop("source acme failed");
  shutdown.stop("again");
  assert.deepEqual(events, [{ event: "stopping", why: "source acme failed", grace_ms: 8_000 }]);
  assert.equal(graces.length, 1);
  signals.emit("SIGTERM");
  assert.equal(exits(), 1);
});
