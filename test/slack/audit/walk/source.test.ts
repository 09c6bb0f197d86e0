import assert from "node:assert/strict";
import { test } from "node:test";
import type { SlackOptions } from "../../../../src/demo/slack/slack.ts";
import type { LogsQuery } from "../../../../src/slack/api/client.ts";
import { auditSource, LOOKBACK, POLL_MS, PROBE_MS, type SourceSetting } from "../../../support/audit-source.ts";
import { type Collected, collected } from "../../../support/collecting.ts";
import { createFakeAuthorization, type FakeAuthorization } from "../../../support/fake-authorization.ts";
import { createMemoryCheckpoints } from "../../../support/memory-checkpoints.ts";
import { type SlackSetting, startSlackSetting } from "../../../support/slack-setting.ts";

interface Setting extends SlackSetting {
  /** Slack's time at the start. */
  readonly now: number;
  readonly authorization: FakeAuthorization;
  add(id: string, at: number, visibleAt?: number): void;
  /** Runs a source for this long on the manual clock. */
  collectFor(ms: number, options?: Partial<SourceSetting>, checkpoints?: Collected["checkpoints"]): Promise<Collected>;
  /** The window queries since the last call. */
  queries(): Omit<LogsQuery, "limit">[];
}

async function start(options: SlackOptions = {}): Promise<Setting> {
  const setting = await startSlackSetting(options);
  const { slack, client, clock, events } = setting;
  const authorization = createFakeAuthorization({ token: slack.token, organisation: slack.organisation });
  let returned = 0;
  return {
    ...setting,
    now: Math.floor(clock.now() / 1_000),
    authorization,
    add(id, at, visibleAt) {
      const entry = { id, date_create: at, action: id.split("-")[0] };
      slack.add(entry, visibleAt === undefined ? {} : { visibleAt: visibleAt * 1_000 });
    },
    collectFor(ms, changes, checkpoints) {
      const report = (event: (typeof events)[number]) => void events.push(event);
      const source = auditSource({ client, clock, authorization, report, ...changes });
      return collected(source, clock.deadline(ms), checkpoints);
    },
    queries() {
      const queries = slack.requests.slice(returned).map(({ query }) => ({
        ...(query.oldest !== undefined && { oldest: Number(query.oldest) }),
        ...(query.latest !== undefined && { latest: Number(query.latest) }),
        ...(query.cursor !== undefined && { cursor: query.cursor }),
      }));
      returned = slack.requests.length;
      return queries.filter(({ oldest }) => oldest !== undefined);
    },
  };
}

function eventsOf({ events }: SlackSetting, name: string) {
  return events.filter(({ event }) => event === name);
}

const REFUSED = { status: 401, body: '{"ok":false,"error":"invalid_auth"}' };
const BACK = { startAt: { secondsBack: 600 } };
const ONE_POLL = POLL_MS / 2;

test("pages() yields the first position before it reads anything", async () => {
  await using setting = await start();
  const { now, authorization, client, clock } = setting;
  const pages = auditSource({ client, clock, authorization }).pages(undefined, new AbortController().signal);
  const first = await pages.next();
  assert.deepEqual(first.value, {
    records: [],
    next: { through: now - 1, settled: now - 1, stretch: 300, seen: {} },
  });
  assert.deepEqual(setting.queries(), []);
  await pages.return();
});

for (const [what, startAt, expected] of [
  ["now", () => ({ secondsBack: 0 }), ["at-0"]],
  ["a duration", () => ({ secondsBack: 600 }), ["at-600", "at-599", "at-1", "at-0"]],
  ["a time", (now: number) => ({ at: now - 1 }), ["at-1", "at-0"]],
] as const) {
  test(`pages() begins at the second of start_at: ${what}`, async () => {
    await using setting = await start();
    const { now } = setting;
    for (const back of [700, 601, 600, 599, 1, 0]) setting.add(`at-${back}`, now - back);
    assert.deepEqual((await setting.collectFor(ONE_POLL, { startAt: startAt(now) })).ids, expected);
    assert.deepEqual(eventsOf(setting, "collection_starts").length, 1);
  });
}

test("pages() sends the same bounds with every page, and delivers each page oldest entry first", async () => {
  await using setting = await start();
  const { now } = setting;
  for (let back = 6; back >= 1; back--) setting.add(`e-${back}`, now - back);
  const { pages } = await setting.collectFor(ONE_POLL, {
    ...BACK,
    pageSize: 2,
    limits: { lookback: 0, maxWindow: 3_600 },
  });
  const queries = setting.queries();
  const walk = queries.filter(({ latest }) => latest === now);
  assert.equal(walk.length, 3);
  assert.deepEqual(new Set(walk.map(({ oldest, latest }) => `${oldest} ${latest}`)).size, 1);
  assert.deepEqual(
    walk.map(({ cursor }) => cursor !== undefined),
    [false, true, true],
  );
  assert.deepEqual(pages, [
    ["e-2", "e-1"],
    ["e-4", "e-3"],
    ["e-6", "e-5"],
  ]);
});

test("pages() yields a large page as one page", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  const entries = Array.from({ length: 4_100 }, (_, index) => ({
    id: `e-${index}`,
    date_create: now - 300,
    action: "e",
  }));
  slack.addMany(entries);
  const { ids, pages, checkpoints } = await setting.collectFor(ONE_POLL, BACK);
  assert.deepEqual(ids.toSorted(), entries.map(({ id }) => id).toSorted());
  assert.deepEqual(
    pages.map((page) => page.length),
    [4_100],
  );
  // The start, the window with the entries, and the window behind it.
  assert.equal(checkpoints.saved.length, 3);
});

test("pages() fetches a page again when one of its entries is not JSON, and delivers each entry once", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  for (let back = 9; back >= 1; back--) setting.add(`e-${back}`, now - back);
  let broken = 2;
  slack.intercept = ({ query }) =>
    query.oldest === undefined || broken-- <= 0
      ? undefined
      : { rewrite: (answer) => ({ ...answer, body: answer.body.replace('"id":"e-2"', '"id" "e-2"') }) };
  const { ids } = await setting.collectFor(2 * POLL_MS, BACK);
  assert.deepEqual(
    ids.toSorted(),
    Array.from({ length: 9 }, (_, index) => `e-${index + 1}`),
  );
  assert.ok(eventsOf(setting, "retrying").length > 0);
  assert.equal(eventsOf(setting, "window_restarted").length, 0);
});

test("pages() reads a backlog oldest window first, at most max_window at a time, up to Slack's now", async () => {
  await using setting = await start();
  const { now } = setting;
  for (const back of [5_000, 3_000, 1_000]) setting.add(`e-${back}`, now - back);
  const { ids } = await setting.collectFor(ONE_POLL, {
    startAt: { secondsBack: 5_000 },
    limits: { lookback: 300, maxWindow: 1_000 },
  });
  assert.deepEqual(ids, ["e-5000", "e-3000", "e-1000"]);
  const queries = setting.queries();
  assert.equal(queries[0]?.oldest, now - 5_000);
  assert.equal(queries.at(-1)?.latest, now);
  for (const [index, { oldest = 0, latest = 0 }] of queries.entries()) {
    assert.ok(latest - oldest < 1_000);
    assert.ok(oldest <= (queries[index - 1]?.latest ?? now - 5_001) + 1);
  }
});

test("pages() polls every poll_interval, and reads the lookback again", async () => {
  await using setting = await start();
  const { now } = setting;
  await setting.collectFor(2.5 * POLL_MS);
  assert.deepEqual(setting.queries(), [
    { oldest: now, latest: now },
    { oldest: now, latest: now + 60 },
    { oldest: now, latest: now + 120 },
  ]);
});

test("pages() delivers an entry that appears up to lookback late, once", async () => {
  await using setting = await start();
  const { now } = setting;
  setting.add("prompt", now + 10);
  setting.add("late", now + 10, now + 10 + 300);
  setting.add("last", now + 10, now + 10 + LOOKBACK);
  const { ids } = await setting.collectFor((LOOKBACK + 600) * 1_000);
  assert.deepEqual(ids, ["prompt", "late", "last"]);
  const late = eventsOf(setting, "window_delivered").map((event) =>
    event.event === "window_delivered" ? event.late : 0,
  );
  assert.equal(
    late.reduce((sum, count) => sum + count),
    2,
  );
});

test("pages() continues after an empty page with a cursor, and after a short page", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  for (let back = 4; back >= 1; back--) setting.add(`e-${back}`, now - back);
  slack.intercept = ({ query }) => {
    if (query.oldest === undefined || query.cursor !== undefined) return undefined;
    return {
      rewrite: (answer) => ({ ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), entries: [] }) }),
    };
  };
  const { ids } = await setting.collectFor(ONE_POLL, {
    ...BACK,
    pageSize: 1,
    limits: { lookback: 0, maxWindow: 3_600 },
  });
  assert.deepEqual(ids, ["e-2", "e-3", "e-4"], "the page that Slack emptied is the only one that is missing");
});

test("pages() reads the window again when Slack refuses the cursor, and delivers nothing twice", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  for (let back = 8; back >= 1; back--) setting.add(`e-${back}`, now - back);
  let refusals = 0;
  slack.intercept = ({ query }) =>
    query.cursor !== undefined && refusals++ === 1
      ? { status: 400, body: '{"ok":false,"error":"invalid_cursor"}' }
      : undefined;
  const { ids } = await setting.collectFor(ONE_POLL, { ...BACK, pageSize: 2 });
  assert.deepEqual(
    [...ids].sort(),
    Array.from({ length: 8 }, (_, index) => `e-${index + 1}`),
  );
  const [refused, ...others] = eventsOf(setting, "window_restarted");
  assert.deepEqual(refused, {
    event: "window_restarted",
    source: "acme",
    why: "Slack answered 400 invalid_cursor: Slack no longer knows the cursor",
  });
  assert.deepEqual(others, []);
});

test("pages() reads the window again when Slack repeats a cursor, without a loop", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  for (let back = 6; back >= 1; back--) setting.add(`e-${back}`, now - back);
  let repeated = 0;
  slack.intercept = ({ query }) => {
    if (query.cursor === undefined || repeated++ > 0) return undefined;
    return {
      rewrite: (answer) => ({
        ...answer,
        body: answer.body.replace(/"next_cursor":"[^"]*"/, `"next_cursor":"${query.cursor}"`),
      }),
    };
  };
  const { ids, checkpoints } = await setting.collectFor(ONE_POLL, { ...BACK, pageSize: 2 });
  assert.deepEqual([...ids].sort(), ["e-1", "e-2", "e-3", "e-4", "e-5", "e-6"]);
  assert.equal(eventsOf(setting, "window_restarted").length, 1);
  assert.equal(Object(checkpoints.saved.at(-1)).through, now);
});

test("pages() pauses when Slack interrupts even the shortest window", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  for (let back = 6; back >= 1; back--) setting.add(`e-${back}`, now - back);
  slack.intercept = ({ query }) =>
    query.cursor === undefined ? undefined : { status: 400, body: '{"ok":false,"error":"invalid_cursor"}' };
  const { ids } = await setting.collectFor(600_000, { ...BACK, pageSize: 2 });
  // The window of the start is halved down to a second at once; from then on it waits between the walks.
  assert.ok(setting.clock.waits.filter((ms) => ms === 30_000).length >= 10);
  assert.ok(eventsOf(setting, "window_restarted").length <= 40);
  assert.equal(new Set(ids).size, ids.length);
});

test("pages() skips entries outside of the window, so that they are not delivered twice", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  for (const back of [5_000, 4_000, 500, 10]) setting.add(`e-${back}`, now - back);
  // A server that ignores the bounds.
  const everything = [10, 500, 4_000, 5_000].map((back) => ({ id: `e-${back}`, date_create: now - back, action: "e" }));
  slack.intercept = ({ query }) =>
    query.oldest === undefined
      ? undefined
      : {
          status: 200,
          headers: { date: new Date(setting.clock.now()).toUTCString() },
          body: JSON.stringify({ entries: everything }),
        };
  const { ids } = await setting.collectFor(40 * POLL_MS, BACK);
  assert.deepEqual(ids, ["e-500", "e-10"]);
});

test("pages() delivers an entry without a date once, in any window", async () => {
  await using setting = await start();
  const { now, slack } = setting;
  slack.add({ id: "undated", date_create: "soon" }, { at: now - 5 });
  slack.add({ id: "other-unit", date_create: now * 1_000 }, { at: now - 4 });
  const { ids } = await setting.collectFor(30 * POLL_MS, BACK);
  assert.deepEqual(ids, ["undated", "other-unit"]);
});

test("pages() skips unwanted actions, and counts them", async () => {
  await using setting = await start();
  const { now } = setting;
  for (const id of ["login-1", "upload-1", "login-2"]) setting.add(id, now - 5);
  const { ids } = await setting.collectFor(ONE_POLL, { ...BACK, wants: (action) => action === "login" });
  assert.deepEqual([...ids].sort(), ["login-1", "login-2"]);
  const [window] = eventsOf(setting, "window_delivered").filter(
    (event) => event.event === "window_delivered" && event.read > 0,
  );
  assert.ok(window?.event === "window_delivered");
  const { read, delivered, seen, filtered } = window;
  assert.deepEqual({ read, delivered, seen, filtered }, { read: 3, delivered: 2, seen: 0, filtered: 1 });
});

test("pages() puts the organisation into every record and into the position", async () => {
  await using setting = await start();
  setting.add("e-1", setting.now - 5);
  const { records, checkpoints } = await setting.collectFor(ONE_POLL, BACK);
  const { id, name, domain } = setting.slack.organisation;
  const attributes = records[0]?.resource.attributes ?? {};
  assert.deepEqual(
    ["id", "name", "domain"].map((key) => attributes[`slack.enterprise.${key}`]),
    [id, name, domain],
  );
  assert.equal(Object(checkpoints.saved.at(-1)).organisation, id);
});

test("pages() holds when grant and position belong to different organisations, and sends no request", async () => {
  await using setting = await start();
  const { authorization, slack, now } = setting;
  setting.add("e-1", now + 5);
  const { checkpoints } = await setting.collectFor(ONE_POLL);
  setting.queries();
  authorization.accept({ token: slack.token, organisation: { id: "EOTHER" } });
  const before = checkpoints.saved.length;
  const { ids } = await setting.collectFor(10 * PROBE_MS, {}, checkpoints);
  assert.deepEqual(ids, []);
  assert.deepEqual(setting.queries(), []);
  assert.equal(checkpoints.saved.length, before);
  const held = eventsOf(setting, "held")[0];
  assert.ok(held?.event === "held");
  assert.match(held.why, new RegExp(`${slack.organisation.id}.*EOTHER`));
});

test("pages() holds and reopens the setup when Slack refuses the token, and continues at once with the next grant", async () => {
  await using setting = await start();
  const { authorization, slack, clock, now } = setting;
  setting.add("e-1", now - 5);
  slack.revoke(slack.token);
  const token = slack.grantToken();
  const sleep = clock.sleep;
  let waitedMs = 0;
  const impatient = {
    ...clock,
    sleep: async (ms: number, signal: AbortSignal) => {
      if (ms !== PROBE_MS) return sleep(ms, signal);
      // The person authorizes half-way to the probe.
      clock.advance(PROBE_MS / 2);
      waitedMs += PROBE_MS / 2;
      authorization.accept({ token, organisation: slack.organisation });
      signal.throwIfAborted();
    },
  };
  const { ids } = await setting.collectFor(PROBE_MS, { ...BACK, clock: impatient });
  assert.deepEqual(ids, ["e-1"]);
  assert.equal(waitedMs, PROBE_MS / 2);
  assert.deepEqual(authorization.refusals, [
    "Slack answered 401 invalid_authentication: Slack does not accept the token",
  ]);
  assert.equal(eventsOf(setting, "resumed").length, 1);
});

test("pages() probes a refused token slowly, and confirms it when Slack accepts it again", async () => {
  await using setting = await start();
  const { authorization, slack } = setting;
  slack.intercept = ({ index }) => (index < 3 ? REFUSED : undefined);
  await setting.collectFor(2.5 * PROBE_MS, BACK);
  assert.equal(slack.requests.length, 3);
  assert.ok(authorization.refused);
  await setting.collectFor(ONE_POLL, BACK);
  assert.ok(!authorization.refused);
});

test("pages() does not confirm a token because of a proxy's page", async () => {
  await using setting = await start();
  const { authorization, slack } = setting;
  slack.intercept = ({ index }) => (index === 0 ? REFUSED : { status: 200, body: "<h1>Sign in</h1>" });
  await setting.collectFor(2.5 * PROBE_MS, BACK);
  assert.ok(authorization.refused);
});

test("pages() uses Slack's clock: this machine's clock may be years off", async () => {
  await using setting = await start();
  const { now, client, authorization, clock } = setting;
  const wrong = { ...clock, now: () => Date.UTC(2001, 0, 1) };
  setting.add("e-1", now);
  const source = auditSource({ client, authorization, clock: wrong });
  const { ids } = await collected(source, clock.deadline(ONE_POLL));
  assert.deepEqual(ids, ["e-1"]);
  assert.deepEqual(setting.queries(), [{ oldest: now, latest: now }]);
});

test("pages() uses the date of the newest entry when a proxy removes the Date header", async () => {
  await using setting = await start({ date: false });
  const { now, clock } = setting;
  setting.add("e-1", now - 500);
  setting.add("e-2", now + 100);
  setting.add("late", now + 100, now + 100 + 400);
  setting.add("e-3", now + 1_000);
  const { ids } = await setting.collectFor(1_500_000, { startAt: { secondsBack: 60 } });
  assert.deepEqual(ids, ["e-1", "e-2", "late", "e-3"]);
  for (const { latest = 0 } of setting.queries()) assert.ok(latest <= clock.now() / 1_000);
});

test("pages() begins with the first entry when the log is empty and no answer has a Date", async () => {
  for (const secondsBack of [0, 86_400]) {
    await using setting = await start({ date: false });
    const { now } = setting;
    setting.add("e-1", now + 300);
    const { ids } = await setting.collectFor(20 * POLL_MS, {
      startAt: { secondsBack },
      limits: { lookback: LOOKBACK, maxWindow: 4_000_000_000 },
    });
    assert.deepEqual(ids, ["e-1"]);
  }
});

test("pages() reports a shorter lookback when seen is full", async () => {
  await using setting = await start();
  const { now } = setting;
  const crowd = Array.from({ length: 300_000 }, (_, index) => `=${index}`).join(" ");
  const checkpoints = createMemoryCheckpoints();
  const seen = { [now - 60]: crowd, [now - 50]: crowd };
  const position = { through: now - 10, settled: now - 100, stretch: 300, seen };
  await checkpoints.save("acme", position, new AbortController().signal);
  await setting.collectFor(ONE_POLL, {}, checkpoints);
  assert.deepEqual(eventsOf(setting, "lookback_shortened"), [
    { event: "lookback_shortened", source: "acme", ids: 300_000, lookback_seconds: 60 },
  ]);
  assert.equal(Object(checkpoints.load("acme")).settled, now - 60);
});

test("pages() ends without a position when it is stopped while it waits", async () => {
  await using setting = await start();
  const { slack } = setting;
  slack.intercept = () => ({ status: 500 });
  const { checkpoints } = await setting.collectFor(10 * POLL_MS);
  assert.deepEqual(checkpoints.saved, []);
});

test("pages() rejects when the stored position is damaged", async () => {
  await using setting = await start();
  const checkpoints = createMemoryCheckpoints();
  await checkpoints.save("acme", { through: "yesterday" }, new AbortController().signal);
  await assert.rejects(setting.collectFor(ONE_POLL, {}, checkpoints), /^TypeError: Cannot read the position: /);
});
