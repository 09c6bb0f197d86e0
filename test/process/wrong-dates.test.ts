import { test } from "node:test";
import type { DemoSlack } from "../../src/demo/slack/slack.ts";
import { assertEachOnce, makeEntries, nowSeconds } from "./entries.ts";
import { startSetting } from "./setting.ts";

/** The error of the `Date` header in seconds, by the number of the answer. */
const LIES: Readonly<Record<string, (answer: number) => number>> = {
  "plus-a-minute-once": (answer) => (answer === 7 ? 60 : 0),
  "plus-an-hour-once": (answer) => (answer === 7 ? 3_600 : 0),
  "minus-an-hour-once": (answer) => (answer === 7 ? -3_600 : 0),
  "year-2018-once": (answer) => (answer === 7 ? -250_000_000 : 0),
  "year-2099-alternating": (answer) => (answer < 16 && answer % 2 === 1 ? 2_330_000_000 : 0),
  "plus-a-minute-alternating": (answer) => (answer < 16 && answer % 2 === 1 ? 60 : 0),
  "plus-an-hour-from-the-first": (answer) => (answer < 12 ? 3_600 : 0),
  "year-2099-from-the-first": (answer) => (answer < 12 ? 2_330_000_000 : 0),
  "year-2018-from-the-first": (answer) => (answer < 12 ? -250_000_000 : 0),
};
const SECONDS = 20;
const LOOKBACK = 10;

test("daemon misses nothing and is live again when Slack's Date headers are wrong", { timeout: 120_000 }, async () => {
  await using setting = await startSetting();
  const from = nowSeconds();
  const runs = await Promise.all(
    Object.entries(LIES).map(async ([name, errorOf]) => {
      const slack: DemoSlack = await setting.slackToo();
      const prompt = makeEntries(SECONDS, { from: from + 3, stretch: SECONDS });
      const late = makeEntries(SECONDS, { from: from + 3, stretch: SECONDS });
      slack.addMany(prompt);
      for (const [index, entry] of late.entries()) {
        slack.add(entry, { visibleAt: (entry.date_create + 1 + (index % (LOOKBACK - 1))) * 1_000 });
      }
      let answers = 0;
      slack.intercept = ({ path }) => (path === "/audit/v1/logs" ? { dateAhead: errorOf(answers++) } : undefined);
      const source = setting.source(slack, { start_at: "1m", lookback: `${LOOKBACK}s`, max_window: "10m" });
      return { name, source, entries: [...prompt, ...late] };
    }),
  );
  const daemon = await setting.daemon({ sources: Object.fromEntries(runs.map(({ name, source }) => [name, source])) });
  for (const { name, entries } of runs) {
    const isOwn = (record: { resource: Readonly<Record<string, unknown>> }) =>
      record.resource["slack.audit.source"] === name;
    await setting.delivered(entries.length, isOwn);
    const read = daemon.lines.length;
    await daemon.untilLine(
      (line) =>
        line.event === "window_delivered" &&
        line.source === name &&
        line.catching_up === false &&
        daemon.lines.indexOf(line) >= read - 200,
    );
    assertEachOnce(setting.sink.records.filter(isOwn), entries);
  }
});
