import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/collect.ts";
import type { Event } from "../../../../src/events.ts";
import type { LogsQuery, SlackClient } from "../../../../src/slack/api/client.ts";
import { pastedTokenRemedy } from "../../../../src/slack/api/errors.ts";
import { auditSource, POLL_MS } from "../../../support/audit-source.ts";
import { idOf } from "../../../support/collecting.ts";
import { createFakeAuthorization } from "../../../support/fake-authorization.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { createMemoryCheckpoints } from "../../../support/memory-checkpoints.ts";

const NEVER = new AbortController().signal;
const clockStart = Math.floor(createManualClock().now() / 1_000);
const entry = (id: string, date = clockStart, more = {}) => ({ id, date_create: date, action: "user_login", ...more });

interface FakePage {
  readonly entries: readonly object[];
  readonly cursor?: string;
}

/** Runs a source against the test's own answers. Requests for the time get an empty page. */
async function run(
  answer: (query: LogsQuery, index: number) => FakePage | Awaited<ReturnType<SlackClient["logs"]>>,
  ms: number,
  options: Partial<Parameters<typeof auditSource>[0]> = {},
) {
  const clock = createManualClock();
  const queries: LogsQuery[] = [];
  const events: Event[] = [];
  const ids: string[] = [];
  const client: SlackClient = {
    async logs(query, _token, signal) {
      signal.throwIfAborted();
      clock.advance(10);
      const answered = query.oldest === undefined ? { entries: [] } : answer(query, queries.push(query) - 1);
      if ("status" in answered) return answered;
      const page = { entries: answered.entries, response_metadata: { next_cursor: answered.cursor ?? "" } };
      return {
        status: "ok",
        value: { body: Buffer.from(JSON.stringify(page)), date: Math.floor(clock.now() / 1_000) },
      };
    },
    release() {},
    trim() {},
  };
  const authorization = createFakeAuthorization({ token: "xoxp-1", organisation: { id: "E1" } });
  const report = (event: Event) => void events.push(event);
  await collect(auditSource({ client, clock, authorization, report, ...options }), {
    checkpoints: createMemoryCheckpoints(),
    deliver: async (records) => void ids.push(...records.map(idOf)),
    stopping: clock.deadline(ms),
    hardStop: NEVER,
  });
  const of = (name: Event["event"]) => events.filter(({ event }) => event === name);
  return { queries, events, ids, of };
}

test("pages() interrupts a walk whose cursors never end, reports it, and pauses", async () => {
  for (const entries of [[], [entry("again")]]) {
    const { queries, of, ids } = await run((_, index) => ({ entries, cursor: `c${index}` }), 10 * POLL_MS);
    const restarted = of("window_restarted");
    assert.ok(restarted.length > 0);
    assert.match(JSON.stringify(restarted[0]), /brought no new entry for 50 pages/);
    assert.ok(queries.length <= 52 * 30, `${queries.length} requests in ten minutes`);
    assert.equal(new Set(ids).size, ids.length);
  }
});

test("pages() continues for any number of pages while each has a new entry", async () => {
  const pages = 200;
  const { ids, of } = await run(
    (query, index) =>
      index < pages
        ? { entries: [entry(`e-${index}`, query.latest)], ...(index < pages - 1 && { cursor: `c${index}` }) }
        : { entries: [] },
    POLL_MS / 2,
  );
  assert.equal(ids.length, pages);
  assert.equal(of("window_restarted").length, 0);
});

test("pages() interrupts a walk whose cursor is too long for a URL", async () => {
  const { of, queries } = await run(() => ({ entries: [entry("a")], cursor: "c".repeat(5_000) }), POLL_MS);
  assert.match(JSON.stringify(of("window_restarted")[0]), /cursor is longer than 4096 characters/);
  assert.ok(queries.every(({ cursor = "" }) => cursor.length <= 4_096));
});

test("pages() requests fewer entries when a page is too large, and the full number in the next window", async () => {
  const { queries, of, ids } = await run(
    ({ limit, latest }, index) =>
      limit > 200 && index < 20
        ? { status: "refused", refusal: { kind: "size", why: "Cannot read the answer: it is longer than 9 bytes" } }
        : { entries: index < 25 ? [entry(`e-${latest}`, latest)] : [] },
    POLL_MS * 2.5,
  );
  assert.deepEqual(
    queries.slice(0, 4).map(({ limit }) => limit),
    [1_000, 500, 250, 125],
  );
  assert.equal(of("page_shortened").length > 2, true);
  assert.ok(ids.length > 0);
  assert.equal(of("held").length, 0);
});

test("pages() counts entries outside of the window, reports them once, and leaves them to their own window", async () => {
  const { of, ids } = await run(
    ({ latest = 0 }) => ({
      entries: [entry("inside", clockStart), entry("before", clockStart - 500), entry("after", latest + 900)],
    }),
    POLL_MS * 3.5,
  );
  assert.deepEqual(ids, ["inside"]);
  const odd = of("odd_entries");
  assert.equal(odd.length, 1);
  assert.deepEqual(odd[0]?.event === "odd_entries" && [odd[0].kind, odd[0].entries, odd[0].from], [
    "outside",
    2,
    clockStart - 500,
  ]);
  for (const event of of("window_delivered")) {
    assert.ok(event.event === "window_delivered" && event.outside === 2);
    assert.equal(event.read, event.delivered + event.seen + event.filtered);
  }
});

test("pages() delivers different entries with one second and id once each, in any order", async () => {
  const collided = [
    entry("x", clockStart, { n: 1 }),
    entry("x", clockStart, { n: 2 }),
    entry("x", clockStart, { n: 1 }),
    entry("y"),
  ];
  const { of, ids } = await run(
    (_, index) => ({ entries: index % 2 === 0 ? collided : collided.toReversed() }),
    POLL_MS * 4.5,
  );
  assert.deepEqual(ids.toSorted(), ["x", "x", "y"]);
  const odd = of("odd_entries");
  assert.equal(odd.length, 1);
  assert.equal(odd[0]?.event === "odd_entries" && odd[0].kind, "collided");
  const counts = of("window_delivered").map((event) => (event.event === "window_delivered" ? event.collided : -1));
  assert.deepEqual(
    counts.filter((count) => count !== 0),
    [1],
  );
});

test("pages() holds with the remedy to replace a pasted token when Slack refuses it", async () => {
  for (const code of ["invalid_auth", "missing_scope", "token_expired", "token_revoked"]) {
    const refusal = { kind: "token", code, why: `Slack answered 401 ${code}`, remedy: "authorize again" } as const;
    const { of } = await run(() => ({ status: "refused", refusal }), POLL_MS, { tokenRemedy: pastedTokenRemedy });
    const held = of("held")[0];
    assert.ok(held?.event === "held");
    assert.match(held.remedy, /replace the token/);
    assert.doesNotMatch(held.remedy, /authorize again/);
  }
});
