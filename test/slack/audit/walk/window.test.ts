import assert from "node:assert/strict";
import { test } from "node:test";
import type { Seconds } from "../../../../src/model.ts";
import { type Position, positionAt } from "../../../../src/slack/audit/walk/position.ts";
import type { Seen } from "../../../../src/slack/audit/walk/seen.ts";
import {
  advance,
  giveUp,
  moveBack,
  nextWindow,
  type Window,
  type WindowLimits,
} from "../../../../src/slack/audit/walk/window.ts";
import { fc } from "../../../support/properties.ts";

const START = 10_000;

/** What happens next: Slack's clock goes on, and the windows up to it take so many pages each, in turn, or are broken off. */
type Poll = { readonly passed: Seconds; readonly pages: readonly (number | "broken")[] };

const anyLimits = fc
  .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 3_600 }))
  .map(([lookback, more]): WindowLimits => ({ lookback, maxWindow: lookback + more }));
const anyPolls = fc.array(
  fc.record({
    passed: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 3_000 })),
    pages: fc.array(fc.oneof(fc.integer({ min: 1, max: 15 }), fc.constant("broken" as const)), { minLength: 1 }),
  }),
  { maxLength: 15 },
);
const MOST_WINDOWS_IN_A_POLL = 50;

interface Step {
  readonly before: Position;
  readonly window: Window;
  readonly after: Position;
  readonly broken: boolean;
}

/** All windows of a run; a poll that takes too many stops where it is, as one that is killed does. */
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
      const broken = taken === "broken";
      const after = broken ? giveUp(position) : advance(position, window, { ...limits, pages: taken }).position;
      steps.push({ before: position, window, after, broken });
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

test("nextWindow() leaves no gap: it begins at most one second behind what was read, and reads on from there", () => {
  assertOfRuns(({ steps }) => {
    for (const { before, window, after, broken } of steps) {
      assert.ok(window.from <= before.through + 1);
      assert.ok(window.to > before.through);
      assert.equal(after.through, broken ? before.through : window.to);
    }
    assert.ok((steps[0]?.window.from ?? START) <= START);
  });
});

test("nextWindow() never reaches beyond Slack's clock, and is never longer than allowed", () => {
  assertOfRuns(({ steps }, { maxWindow }) => {
    for (const { window } of steps) {
      assert.ok(window.from <= window.to && window.to <= window.chosenAt);
      assert.ok(window.to - window.from <= maxWindow);
    }
  });
});

test("nextWindow() gives none once everything up to Slack's clock is read, nor when that clock goes back", () => {
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

test("advance() never moves back, and settles nothing that can still appear", () => {
  assertOfRuns(({ steps }, { lookback }) => {
    for (const { before, window, after } of steps) {
      assert.ok(after.settled >= before.settled);
      assert.ok(after.settled <= after.through);
      assert.ok(after.settled <= Math.max(before.settled, window.chosenAt - lookback - 1));
    }
  });
});

test("nextWindow() reads each second once more when all that is to appear in it has appeared: this is the promise", () => {
  let checked = 0;
  assertOfRuns(({ steps, now }, { lookback }) => {
    const last = steps.at(-1)?.after;
    if (!last || last.through < now) return;
    checked++;
    const readInFull = steps.filter(({ broken }) => !broken);
    for (const second of interestingSeconds(readInFull, now - lookback)) {
      assert.ok(
        readInFull.some(
          ({ window }) => window.from <= second && second <= window.to && window.chosenAt >= second + lookback,
        ),
        `second ${second} was not read at ${second + lookback} or later`,
      );
    }
  });
  assert.ok(checked > 300, `only ${checked} runs came to their end`);
});

/** Those at and beside the edges of windows, from the start to the last that the promise is about. */
function interestingSeconds(steps: readonly Step[], last: Seconds): Seconds[] {
  const edges = steps.flatMap(({ window: { from, to, chosenAt }, after }) => [from, to, chosenAt, after.settled]);
  return [...new Set([START, last, ...edges].flatMap((edge) => [edge - 1, edge, edge + 1]))].filter(
    (second) => second >= START && second <= last,
  );
}

test("advance() aims at windows of ten pages: it shortens those of more and lengthens those of few", () => {
  const window = { from: START, to: START + 299, chosenAt: START + 5_000 };
  const stretchAfter = (pages: number, stretch = 300) =>
    advance({ ...positionAt(START), stretch }, window, { lookback: 0, maxWindow: 900, pages }).position.stretch;
  assert.deepEqual(
    [1, 5, 6, 10, 20, 3_000].map((pages) => stretchAfter(pages)),
    [600, 600, 300, 300, 150, 1],
  );
  assert.equal(stretchAfter(1, 800), 900);
  assert.equal(stretchAfter(11, 1), 1);
});

test("giveUp() halves the next window and keeps everything else", () => {
  const position = { ...positionAt(START), stretch: 7 };
  assert.deepEqual(giveUp(position), { ...position, stretch: 3 });
  assert.equal(giveUp({ ...position, stretch: 1 }).stretch, 1);
});

test("advance() remembers what can be read again, and forgets the rest", () => {
  const seen: Seen = new Map([100, 149, 150, 200].map((second) => [second, "=a"]));
  const position = { ...positionAt(100), seen };
  const { position: next } = advance(
    position,
    { from: 100, to: 200, chosenAt: 200, certain: 200 },
    { lookback: 50, maxWindow: 500, pages: 1 },
  );
  assert.equal(next.settled, 149);
  assert.deepEqual([...next.seen.keys()], [150, 200]);
});

test("advance() shortens the lookback and says so when there are more ids than it may keep", () => {
  const crowd = Array.from({ length: 200_000 }, (_, index) => `=${index}`).join(" ");
  const walk = { lookback: 50, maxWindow: 500, pages: 1 };
  const window = { from: 160, to: 200, chosenAt: 200, certain: 200 };
  const positionWith = (seconds: number[]) => ({
    ...positionAt(160),
    seen: new Map(seconds.map((second) => [second, crowd])),
  });

  const enough = advance(positionWith([160, 180]), window, walk);
  assert.equal(enough.shortened, false);
  assert.equal(enough.position.settled, 159);

  const { position, shortened } = advance(positionWith([160, 170, 180]), window, walk);
  assert.equal(shortened, true);
  assert.equal(position.settled, 160);
  assert.deepEqual([...position.seen.keys()], [170, 180]);
  assert.equal(nextWindow(position, walk, { latest: 230 })?.from, 161);
});

test("advance() makes nothing final that only the window's own end tells, nor beyond what was read", () => {
  const position = positionAt(1_000);
  const limits = { lookback: 10, maxWindow: 600, pages: 1 };
  const settledAfter = (window: Window, newest?: number) =>
    advance(position, window, { ...limits, newest }).position.settled;
  assert.equal(settledAfter({ from: 1_000, to: 1_200, chosenAt: 1_200 }), 999);
  assert.equal(settledAfter({ from: 1_000, to: 1_200, chosenAt: 9_999, certain: 1_100 }), 1_089);
  assert.equal(settledAfter({ from: 1_000, to: 1_200, chosenAt: 1_200 }, 1_150), 1_139);
  assert.equal(settledAfter({ from: 1_000, to: 1_200, chosenAt: 9_999, certain: 5_000 }), 1_200);
});

test("advance() takes through no further than the time of the answer that ended the window, and never back", () => {
  const position = { ...positionAt(1_000), through: 1_050 };
  const window = { from: 1_000, to: 1_200, chosenAt: 1_200 };
  const throughAfter = (endedAt?: number) =>
    advance(position, window, { lookback: 10, maxWindow: 600, pages: 1, endedAt }).position.through;
  assert.equal(throughAfter(), 1_200);
  assert.equal(throughAfter(5_000), 1_200);
  assert.equal(throughAfter(1_100), 1_100);
  assert.equal(throughAfter(7), 1_050);
});

test("moveBack() takes through back as far as is safe", () => {
  const position = { ...positionAt(1_000), through: 5_000, settled: 1_500 };
  assert.equal(moveBack(position, 2_000).through, 2_000);
  assert.equal(moveBack(position, 7).through, 1_500);
});

test("nextWindow() asks at once for all that lies behind the newest entry, however long", () => {
  const position = { ...positionAt(1_000), stretch: 5 };
  const limits = { lookback: 10, maxWindow: 60 };
  assert.equal(nextWindow(position, limits, { latest: 9_000, quietAfter: 999 })?.to, 9_000);
  assert.equal(nextWindow(position, limits, { latest: 9_000, quietAfter: 1_001 })?.to, 1_004);
});
