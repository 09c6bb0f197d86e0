import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import type { Event } from "../../src/events.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createLife } from "../../src/runtime/shutdown.ts";

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
  const life = createLife(signals, {
    graceMs: 8_000,
    clock: { ...systemClock, deadline },
    report: (event) => events.push(event),
    exitNow: () => exits++,
  });
  return { life, signals, events, graces, endGrace: () => grace.abort(), exits: () => exits };
}

test("createLife() changes nothing until a signal comes", () => {
  const { life, events, graces } = live();
  assert.deepEqual([life.stopping.aborted, life.killed.aborted, events, graces], [false, false, [], []]);
});

for (const name of ["SIGTERM", "SIGINT"]) {
  test(`createLife() stops at the first ${name} and kills when the grace is over`, () => {
    const { life, signals, events, graces, endGrace, exits } = live();
    signals.emit(name);
    assert.equal(life.stopping.aborted, true);
    assert.equal(life.stopping.reason.message, `Stopping: ${name}`);
    assert.equal(life.killed.aborted, false);
    assert.deepEqual(events, [{ event: "stopping", why: name, grace_ms: 8_000 }]);
    assert.deepEqual(graces, [8_000]);
    endGrace();
    assert.equal(life.killed.aborted, true);
    assert.equal(life.killed.reason.message, "The grace is over");
    assert.equal(exits(), 0);
  });
}

test("createLife() exits at once at the second signal, whichever it is", () => {
  const { life, signals, events, exits } = live();
  signals.emit("SIGTERM");
  signals.emit("SIGINT");
  assert.equal(exits(), 1);
  assert.equal(life.killed.aborted, false);
  assert.equal(events.length, 1);
});

test("stop() begins the same end once, and a signal after it is the second", () => {
  const { life, signals, events, graces, exits } = live();
  life.stop("source acme failed");
  life.stop("again");
  assert.deepEqual(events, [{ event: "stopping", why: "source acme failed", grace_ms: 8_000 }]);
  assert.equal(graces.length, 1);
  signals.emit("SIGTERM");
  assert.equal(exits(), 1);
});
