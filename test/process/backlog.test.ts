import assert from "node:assert/strict";
import { test } from "node:test";
import type { SinkRecord } from "../../src/demo/sink/sink.ts";
import type { SlackRequest } from "../../src/demo/slack/request.ts";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { startSetting } from "./setting.ts";

const PAGE_SIZE = 500;

test("daemon delivers each of 10,000 entries once, then only new ones, and continues there after a restart", async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const from = nowSeconds() - 600;
  const entries = [...makeEntries(9_700, { from, stretch: 200 }), ...makeEntries(300, { from: from + 100 })];
  slack.addMany(entries);
  const source = { start_at: startAt(from), page_size: PAGE_SIZE };
  const first = await setting.daemon({ source });

  await setting.delivered(10_000);
  assertEachOnce(sink.records, entries);
  assertSameBoundsOnEveryPage(slack.requests);
  assertOldestFirst(sink.records);
  const withCursor = slack.requests.filter(({ query }) => query.cursor !== undefined);
  assert.ok(withCursor.length >= 10_000 / PAGE_SIZE - 2, `${withCursor.length} pages were asked for by cursor`);

  const fresh = makeEntries(100, { from: nowSeconds() });
  slack.addMany(fresh);
  await setting.delivered(10_100);
  await first.until("window_delivered", (line) => line.delivered === 100);
  assert.equal((await first.stop()).code, 0);

  const later = makeEntries(1, { from: nowSeconds() });
  slack.addMany(later);
  const second = await setting.daemon();
  await second.until("window_delivered", ({ delivered }) => delivered === 1);
  assert.equal((await second.stop()).code, 0);
  assertEachOnce(sink.records, [...entries, ...fresh, ...later]);
  assertSameBoundsOnEveryPage(slack.requests);
});

/** A cursor does not keep the bounds: each request must repeat those of the first. */
function assertSameBoundsOnEveryPage(requests: readonly SlackRequest[]): void {
  let first: string | undefined;
  for (const { path, query } of requests) {
    // The very first request only reads Slack's time.
    if (path !== "/audit/v1/logs" || (query.limit === "1" && query.cursor === undefined)) continue;
    const bounds = `${query.oldest}..${query.latest}`;
    if (query.cursor === undefined) first = bounds;
    assert.match(bounds, /^\d+\.\.\d+$/);
    assert.equal(bounds, first);
  }
}

/** Slack sends the newest entry first; records are delivered oldest first within a page. */
function assertOldestFirst(records: readonly SinkRecord[]): void {
  for (const sent of Map.groupBy(records, ({ request }) => request).values()) {
    const times = sent.map(({ timeUnixNano }) => timeUnixNano);
    assert.ok(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? time)));
  }
}
