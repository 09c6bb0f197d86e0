import assert from "node:assert/strict";
import { test } from "node:test";
import type { Seconds } from "../../../../src/model.ts";
import { type Position, positionAt } from "../../../../src/slack/audit/walk/position.ts";
import type { Seen } from "../../../../src/slack/audit/walk/seen.ts";
import {
  advance,
  moveBack,
  nextWindow,
  shrinkWindow,
  type Window,
  type WindowLimits,
} from "../../../../src/slack/audit/walk/window.ts";
import { fc } from "../../../support/properties.ts";

const START = 10_000;

/** Slack's clock advances, and each window up to it takes a number of pages, or is interrupted. */
type Poll = { readonly passed: Seconds; readonly pages: readonly (number | "interrupted")[] };

const anyLimits = fc
  .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 3_600 }))
  .map(([lookback, more]): WindowLimits => ({ lookback, maxWindow: lookback + more }));
const anyPolls = fc.array(
  fc.record({
    passed: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 3_000 })),
    pages: fc.array(fc.oneof(fc.integer({ min: 1, max: 15 }), fc.constant("interrupted" as const)), { minLength: 1 }),
  }),
  { maxLength: 15 },
);
const MOST_WINDOWS_IN_A_POLL = 50;

interface Step {
  readonly before: Position;
  readonly window: Window;
  readonly after: Position;
  readonly interrupted: boolean;
}

/** All windows of a run. A poll with too many windows stops early, as if it were killed. */
function run(limits: WindowLimits, polls: readonly Poll[]): { steps: Step[]; now: Seconds } {
  const steps: Step[] = [];
  let position = positionAt(START);
  let now = START;
  for (const { passed, pages } of polls) {
    now += passed;
    for (let index = 0; index < MOST_WINDOWS_IN_A_POLL; index++) {
      const window = nextWindow(position, limits, { latest: now, certain: now });
      if (!window) break;
      const taken = pages[index % pages.length] ?? 1;
      const interrupted = taken === "interrupted";
      const after = interrupted
        ? shrinkWindow(position)
        : advance(position, window, { ...limits, pages: taken }).position;
      steps.push({ before: position, window, after, interrupted });
      position = after;
    }
  }
  return { steps, now };
}

function assertOfRuns(check: (ran: ReturnType<typeof run>, limits: WindowLimits) => void): void {
  fc.assert(
    fc.property(anyLimits, anyPolls, (limits, polls) => check(run(limits, polls), limits)),
    { numRuns: 2_000 },
  );
}

test("nextWindow() leaves no gap: a window begins at most one second after what was read, and ends later", () => {
  assertOfRuns(({ steps }) => {
    for (const { before, window, after, interrupted } of steps) {
      assert.ok(window.from <= before.through + 1);
      assert.ok(window.to > before.through);
      assert.equal(after.through, interrupted ? before.through : window.to);
    }
    assert.ok((steps[0]?.window.from ?? START) <= START);
  });
});

test("nextWindow() never ends after Slack's now, and is never longer than max_window", () => {
  assertOfRuns(({ steps }, { maxWindow }) => {
    for (const { window } of steps) {
      assert.ok(window.from <= window.to && window.to <= window.chosenAt);
      assert.ok(window.to - window.from <= maxWindow);
    }
  });
});

test("nextWindow() returns undefined once everything up to Slack's now is read, and when Slack's clock goes back", () => {
  const limits = { lookback: 10, maxWindow: 60 };
  assert.equal(nextWindow(positionAt(START), limits, { latest: START - 1 }), undefined);
  assert.equal(nextWindow(positionAt(START), limits, { latest: START - 500 }), undefined);
  assert.deepEqual(nextWindow(positionAt(START), limits, { latest: START, certain: START }), {
    from: START,
    to: START,
    chosenAt: START,
    certain: START,
  });
});

test("advance() never moves back, and makes nothing final that can still appear", () => {
  assertOfRuns(({ steps }, { lookback }) => {
    for (const { before, window, after } of steps) {
      assert.ok(after.finalThrough >= before.finalThrough);
      assert.ok(after.finalThrough <= after.through);
      assert.ok(after.finalThrough <= Math.max(before.finalThrough, window.chosenAt - lookback - 1));
    }
  });
});

test("nextWindow() reads each second again after the lookback: this is the promise", () => {
  let checked = 0;
  assertOfRuns(({ steps, now }, { lookback }) => {
    const last = steps.at(-1)?.after;
    if (!last || last.through < now) return;
    checked++;
    const readInFull = steps.filter(({ interrupted }) => !interrupted);
    for (const second of interestingSeconds(readInFull, now - lookback)) {
      assert.ok(
        readInFull.some(
          ({ window }) => window.from <= second && second <= window.to && window.chosenAt >= second + lookback,
        ),
        `second ${second} was not read at ${second + lookback} or later`,
      );
    }
  });
  assert.ok(checked > 300, `only ${checked} runs reached their end`);
});

/** The seconds at and beside the bounds of windows, from the start to the last one that the promise covers. */
function interestingSeconds(steps: readonly Step[], last: Seconds): Seconds[] {
  const edges = steps.flatMap(({ window: { from, to, chosenAt }, after }) => [from, to, chosenAt, after.finalThrough]);
  return [...new Set([START, last, ...edges].flatMap((edge) => [edge - 1, edge, edge + 1]))].filter(
    (second) => second >= START && second <= last,
  );
}

test("advance() aims at windows of ten pages: it shortens larger ones and lengthens smaller ones", () => {
  const window = { from: START, to: START + 299, chosenAt: START + 5_000 };
  const windowSecondsAfter = (pages: number, windowSeconds = 300) =>
    advance({ ...positionAt(START), windowSeconds }, window, { lookback: 0, maxWindow: 900, pages }).position
      .windowSeconds;
  assert.deepEqual(
    [1, 5, 6, 10, 20, 3_000].map((pages) => windowSecondsAfter(pages)),
    [600, 600, 300, 300, 150, 1],
  );
  assert.equal(windowSecondsAfter(1, 800), 900);
  assert.equal(windowSecondsAfter(11, 1), 1);
});

test("shrinkWindow() halves the next window and keeps everything else", () => {
  const position = { ...positionAt(START), windowSeconds: 7 };
  assert.deepEqual(shrinkWindow(position), { ...position, windowSeconds: 3 });
  assert.equal(shrinkWindow({ ...position, windowSeconds: 1 }).windowSeconds, 1);
});

test("advance() keeps the keys of entries that can be read again, and prunes the others", () => {
  const seen: Seen = new Map([100, 149, 150, 200].map((second) => [second, "=a"]));
  const position = { ...positionAt(100), seen };
  const { position: next } = advance(
    position,
    { from: 100, to: 200, chosenAt: 200, certain: 200 },
    { lookback: 50, maxWindow: 500, pages: 1 },
  );
  assert.equal(next.finalThrough, 149);
  assert.deepEqual([...next.seen.keys()], [150, 200]);
});

test("advance() shortens the lookback, and reports it, when seen is full", () => {
  const crowd = Array.from({ length: 200_000 }, (_, index) => `=${index}`).join(" ");
  const walk = { lookback: 50, maxWindow: 500, pages: 1 };
  const window = { from: 160, to: 200, chosenAt: 200, certain: 200 };
  const positionWith = (seconds: number[]) => ({
    ...positionAt(160),
    seen: new Map(seconds.map((second) => [second, crowd])),
  });

  const enough = advance(positionWith([160, 180]), window, walk);
  assert.equal(enough.shortened, false);
  assert.equal(enough.position.finalThrough, 159);

  const { position, shortened } = advance(positionWith([160, 170, 180]), window, walk);
  assert.equal(shortened, true);
  assert.equal(position.finalThrough, 160);
  assert.deepEqual([...position.seen.keys()], [170, 180]);
  assert.equal(nextWindow(position, walk, { latest: 230 })?.from, 161);
});

test("advance() makes nothing final because of the window's end alone, and nothing after that end", () => {
  const position = positionAt(1_000);
  const limits = { lookback: 10, maxWindow: 600, pages: 1 };
  const finalThroughAfter = (window: Window, newest?: number) =>
    advance(position, window, { ...limits, newest }).position.finalThrough;
  assert.equal(finalThroughAfter({ from: 1_000, to: 1_200, chosenAt: 1_200 }), 999);
  assert.equal(finalThroughAfter({ from: 1_000, to: 1_200, chosenAt: 9_999, certain: 1_100 }), 1_089);
  assert.equal(finalThroughAfter({ from: 1_000, to: 1_200, chosenAt: 1_200 }, 1_150), 1_139);
  assert.equal(finalThroughAfter({ from: 1_000, to: 1_200, chosenAt: 9_999, certain: 5_000 }), 1_200);
});

test("advance() moves through at most to the time of the last answer, and never back", () => {
  const position = { ...positionAt(1_000), through: 1_050 };
  const window = { from: 1_000, to: 1_200, chosenAt: 1_200 };
  const throughAfter = (endedAt?: number) =>
    advance(position, window, { lookback: 10, maxWindow: 600, pages: 1, endedAt }).position.through;
  assert.equal(throughAfter(), 1_200);
  assert.equal(throughAfter(5_000), 1_200);
  assert.equal(throughAfter(1_100), 1_100);
  assert.equal(throughAfter(7), 1_050);
});

test("moveBack() moves through back to Slack's now, but not before finalThrough", () => {
  const position = { ...positionAt(1_000), through: 5_000, finalThrough: 1_500 };
  assert.equal(moveBack(position, 2_000).through, 2_000);
  assert.equal(moveBack(position, 7).through, 1_500);
});

test("nextWindow() covers the whole period after the newest entry at once", () => {
  const position = { ...positionAt(1_000), windowSeconds: 5 };
  const limits = { lookback: 10, maxWindow: 60 };
  assert.equal(nextWindow(position, limits, { latest: 9_000, quietAfter: 999 })?.to, 9_000);
  assert.equal(nextWindow(position, limits, { latest: 9_000, quietAfter: 1_001 })?.to, 1_004);
});
