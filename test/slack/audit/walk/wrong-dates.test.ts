import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/collect.ts";
import type { Event } from "../../../../src/events.ts";
import type { LogsQuery } from "../../../../src/slack/api/client.ts";
import { auditSource } from "../../../support/audit-source.ts";
import { idOf } from "../../../support/collecting.ts";
import { createFakeAuthorization } from "../../../support/fake-authorization.ts";
import { createManualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { createMemoryCheckpoints } from "../../../support/memory-checkpoints.ts";
import { createMemorySlack } from "../../../support/memory-slack.ts";

const NEVER = new AbortController().signal;
const ERRORS: Readonly<Record<string, number>> = {
  "+60 s": 60,
  "-60 s": -60,
  "+1 h": 3_600,
  "-1 h": -3_600,
  2018: -7 * 31_536_000,
  2099: 73 * 31_536_000,
};

/** Which answers have a wrong `Date`; they are counted from 0. */
const PATTERNS: Readonly<Record<string, (answer: number) => boolean>> = {
  "in one answer": (answer) => answer === 5,
  "in every second answer": (answer) => answer % 2 === 0,
  "from the first answer on": () => true,
};

const LIMITS = { lookback: 10, maxWindow: 600 };
const POLL = 1_000;

interface Setting {
  readonly clock: ManualClock;
  readonly events: Event[];
  readonly queries: readonly LogsQuery[];
  readonly now: number;
  add(id: string, at: number, visibleAt?: number): void;
  collect(ms: number): Promise<readonly string[]>;
  position(): { through: number; settled: number };
  setPosition(position: object): Promise<void>;
}

/** A Slack without a network. The `Date` of each answer is wrong by `errorOf`. */
function start(
  errorOf: (answer: number) => number,
  { isStrict = false, wallErrorMs = 0, startAt = { secondsBack: 0 } } = {},
): Setting {
  const clock = createManualClock();
  const slack = createMemorySlack(clock, { isStrict });
  const checkpoints = createMemoryCheckpoints();
  const events: Event[] = [];
  let answers = 0;
  const client: typeof slack.client = {
    ...slack.client,
    async logs(query, token, signal) {
      const outcome = await slack.client.logs(query, token, signal);
      if (outcome.status !== "ok" || outcome.value.date === undefined) return outcome;
      return { ...outcome, value: { ...outcome.value, date: outcome.value.date + errorOf(answers++) } };
    },
  };
  const now = Math.floor(clock.now() / 1_000);
  return {
    clock,
    events,
    queries: slack.queries,
    now,
    add: (id, at, visibleAt = at) =>
      slack.store.add({ id, date_create: at, action: "user_login" }, { visibleAt: visibleAt * 1_000 }),
    async collect(ms) {
      const source = auditSource({
        client,
        clock: { ...clock, now: () => clock.now() + wallErrorMs },
        authorization: createFakeAuthorization({ token: "xoxp-1", organisation: { id: "E1" } }),
        report: (event) => void events.push(event),
        limits: LIMITS,
        pollIntervalMs: POLL,
        startAt,
      });
      const ids: string[] = [];
      await collect(source, {
        checkpoints,
        // Read at once: the page's bytes are reused after its delivery.
        deliver: async (records) => void ids.push(...records.map(idOf)),
        stopping: clock.deadline(ms),
        hardStop: NEVER,
      });
      return ids;
    },
    position: () => checkpoints.load("acme") as { through: number; settled: number },
    setPosition: (position) => checkpoints.save("acme", { stretch: 300, seen: {}, ...position }, NEVER),
  };
}

for (const [size, error] of Object.entries(ERRORS)) {
  for (const [when, isWrong] of Object.entries(PATTERNS)) {
    for (const isStrict of [false, true]) {
      for (const wallErrorMs of [0, -86_400_000 * 365 * 40]) {
        const how = `${isStrict ? "strict" : "lenient"}${wallErrorMs ? ", this machine's clock unset" : ""}`;
        test(`pages() misses nothing when Slack's Date says ${size} ${when} (${how})`, async () => {
          let isLying = true;
          const setting = start((answer) => (isLying && isWrong(answer) ? error : 0), { isStrict, wallErrorMs });
          const { now } = setting;
          const expected: string[] = ["first"];
          setting.add("first", now);
          for (let second = 1; second <= 130; second++) {
            setting.add(`prompt-${second}`, now + second);
            setting.add(`late-${second}`, now + second, now + second + (second % 10));
            expected.push(`prompt-${second}`, `late-${second}`);
          }
          // A restart in between.
          const before = await setting.collect(40_000);
          const during = await setting.collect(30_000);
          isLying = false;
          setting.events.length = 0;
          const after = await setting.collect(90_000);
          const ids = [...before, ...during, ...after];
          assert.deepEqual(
            expected.filter((id) => !ids.includes(id)),
            [],
            "missing",
          );
          assert.equal(new Set(ids).size, ids.length, "twice");
          const last = setting.events.findLast(({ event }) => event === "window_delivered");
          assert.ok(last?.event === "window_delivered" && !last.catching_up && last.lag_seconds === 0);
          const live = setting.events.find((event) => event.event === "window_delivered" && !event.catching_up);
          assert.ok(live, "live again");
          assert.ok(setting.position().settled <= now + 160 - LIMITS.lookback);
        });
      }
    }
  }
}

test("pages() is live at most six answers and a minute after the last wrong Date", async () => {
  for (const error of Object.values(ERRORS)) {
    for (const isStrict of [false, true]) {
      let isLying = true;
      const setting = start(() => (isLying ? error : 0), { isStrict });
      setting.add("first", setting.now);
      await setting.collect(60_000);
      isLying = false;
      setting.events.length = 0;
      const queriesBefore = setting.queries.length;
      setting.add("second", setting.now + 61);
      const ids = await setting.collect(60_000);
      assert.ok(ids.includes("second"), `${error}`);
      const index = setting.events.findIndex((event) => event.event === "window_delivered" && !event.catching_up);
      assert.ok(index >= 0, `${error} ${isStrict}`);
      assert.ok(setting.queries.length - queriesBefore <= 130);
    }
  }
});

test("pages() sends a request in each poll even when no window is due, to learn the time", async () => {
  const setting = start((answer) => (answer < 60 ? -3_600 : 0));
  setting.add("first", setting.now);
  await setting.collect(30_500);
  assert.ok(setting.queries.length >= 30, `${setting.queries.length}`);
  assert.ok(setting.queries.length <= 80, `${setting.queries.length}`);
});

test("pages() stops requesting a window that Slack calls the future", async () => {
  const setting = start(() => 3_600, { isStrict: true });
  setting.add("first", setting.now);
  await setting.collect(240_000);
  const future = setting.queries.filter(({ latest = 0 }) => latest > setting.now + 250);
  assert.ok(future.length > 0);
  assert.ok(future.length <= 3, `${future.length} of ${setting.queries.length}`);
});

test("pages() never stores a start that only one answer confirms", async () => {
  const setting = start(() => 73 * 31_536_000, { isStrict: true });
  await setting.collect(5_000);
  assert.ok(setting.position().settled < setting.now);
  assert.ok(
    setting.position().through <= setting.now + 5,
    JSON.stringify([setting.position(), setting.queries.slice(0, 12)]),
  );
});

test("pages() moves back a position that is ahead of Slack's clock, reports it, and sends nothing twice", async () => {
  const setting = start(() => 0);
  const { now } = setting;
  setting.add("known", now - 3);
  await setting.collect(5_000);
  const { settled } = setting.position();
  await setting.setPosition({ ...(setting.position() as object), through: now + 7_200 });
  setting.add("new", now + 8);
  const ids = await setting.collect(10_000);
  assert.deepEqual(ids, ["new"]);
  const moved = setting.events.find(({ event }) => event === "position_corrected");
  assert.ok(moved?.event === "position_corrected" && moved.from === now + 7_200);
  assert.ok(setting.position().settled >= settled);
});

test("pages() holds while the final part of the position is in the future, and continues when that time has come", async () => {
  const setting = start(() => 0);
  const { now } = setting;
  await setting.setPosition({ through: now + 100, settled: now + 100 });
  setting.add("after", now + 110);
  assert.deepEqual(await setting.collect(60_000), []);
  const held = setting.events.filter(({ event }) => event === "held");
  assert.equal(held.length, 1);
  assert.ok(held[0]?.event === "held");
  assert.match(held[0].why, /^the position is in the future: /);
  assert.match(held[0].remedy, /slack-audit-receiver rewind --source acme --to TIME/);
  assert.ok(setting.queries.length >= 30, "Slack is asked at each probe");
  assert.deepEqual(await setting.collect(90_000), ["after"]);
  assert.equal(setting.events.filter(({ event }) => event === "resumed").length, 1);
});

test("pages() does not report live while the answers disagree about the time", async () => {
  const setting = start((answer) => (answer >= 10 ? 3_600 : 0));
  setting.add("first", setting.now);
  await setting.collect(12_000);
  const doubted = setting.events.findIndex(({ event }) => event === "clock_doubted");
  assert.ok(doubted > 0);
  const next = setting.events.slice(doubted).find(({ event }) => event === "window_delivered");
  assert.ok(next?.event === "window_delivered");
  assert.equal(setting.events.filter(({ event }) => event === "clock_doubted").length, 1);
});
