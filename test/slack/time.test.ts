import assert from "node:assert/strict";
import { test } from "node:test";
import { createSlackTime } from "../../src/slack/time.ts";
import { createManualClock } from "../support/manual-clock.ts";

test("createSlackTime() knows nothing before the first answer that told", () => {
  const clock = createManualClock();
  assert.equal(createSlackTime(clock).now(), undefined);
});

test("now() carries on what Slack showed, in whole seconds and never ahead of it", () => {
  const clock = createManualClock();
  const time = createSlackTime(clock);
  clock.advance(700);
  time.observe(1_000);
  assert.equal(time.now(), 1_000);
  clock.advance(999);
  assert.equal(time.now(), 1_000);
  clock.advance(1);
  assert.equal(time.now(), 1_001);
});

test("now() does not heed this machine's wall clock", () => {
  const clock = createManualClock();
  const time = createSlackTime(clock);
  time.observe(1_000);
  clock.jump(-86_400_000 * 365);
  clock.advance(5_000);
  assert.equal(time.now(), 1_005);
});

test("observe() corrects what was carried on, in either direction", () => {
  const clock = createManualClock();
  const time = createSlackTime(clock);
  time.observe(1_000);
  clock.advance(10_000);
  time.observe(1_009);
  assert.equal(time.now(), 1_009);
  time.observe(1_050);
  assert.equal(time.now(), 1_050);
});
