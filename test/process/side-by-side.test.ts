import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { startSetting } from "./setting.ts";

test("daemon continues with one organisation when another's Slack is down or does not answer", async () => {
  await using setting = await startSetting();
  const [down, hung] = await Promise.all([setting.slackToo(), setting.slackToo()]);
  await down.pause();
  hung.intercept = () => ({ stall: true });
  const from = nowSeconds() - 60;
  const entries = makeEntries(100, { from, stretch: 50 });
  setting.slack.addMany(entries);
  const keys = { start_at: startAt(from) };
  const daemon = await setting.daemon({
    sources: {
      down: setting.source(down, keys),
      hung: setting.source(hung, keys),
      well: setting.source(setting.slack, keys),
    },
  });
  await setting.delivered(100);
  const fresh = makeEntries(10, { from: nowSeconds() });
  setting.slack.addMany(fresh);
  await setting.delivered(110);
  await daemon.until("retrying", ({ source }) => source === "down");
  assertEachOnce(setting.sink.records, [...entries, ...fresh]);
  const { sources } = await daemon.status();
  assert.deepEqual([sources.well?.ready, sources.down?.ready, sources.hung?.ready], [true, false, false]);

  const late = makeEntries(10, { from, stretch: 50 });
  down.addMany(late);
  await down.resume();
  await setting.delivered(120);
  assertEachOnce(setting.sink.records, [...entries, ...fresh, ...late]);
  assert.equal((await daemon.stop()).code, 0);
});
