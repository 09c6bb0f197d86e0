import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { startSetting } from "./setting.ts";

test("daemon loses nothing and requests nothing from Slack when the collector is away", {
  timeout: 60_000,
}, async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const from = nowSeconds() - 600;
  const entries = makeEntries(1_000, { from, stretch: 200 });
  slack.addMany(entries);
  sink.intercept = ({ index }) => {
    if (index < 5) return undefined;
    sink.intercept = undefined;
    void sink.pause();
    return { reset: true };
  };
  const daemon = await setting.daemon({ source: { start_at: startAt(from), page_size: 100 } });
  await daemon.until("retrying");
  const askedBefore = slack.requests.length;

  // The fourth attempt fails within 7 seconds; the fifth follows within 8 more.
  await daemon.until("retrying", ({ attempt }) => attempt === 4);
  assert.equal(slack.requests.length, askedBefore);
  assert.equal((await daemon.get("/readyz")).status, 503);
  await sink.resume();

  await daemon.until("resumed");
  await setting.delivered(1_000);
  assertEachOnce(sink.records, entries);
  assert.equal((await daemon.stop()).code, 0);
});
