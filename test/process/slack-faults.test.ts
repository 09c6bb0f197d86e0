import { test } from "node:test";
import type { Fault } from "../../src/demo/slack/faults.ts";
import type { SlackIntercept } from "../../src/demo/slack/slack.ts";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { startSetting } from "./setting.ts";

const FAULTS: Readonly<Record<string, Fault>> = {
  "status-500": { status: 500, body: "Internal error" },
  reset: { reset: true },
  "cut-answer": { cutAfterBytes: 700 },
  "cut-json": { truncateJson: 5_000 },
  "no-entries": { status: 200, body: `{"response_metadata":{"next_cursor":""}}` },
  "not-ok": { status: 200, body: `{"ok":false,"error":"internal_error"}` },
  "not-json": { status: 200, body: "<!doctype html><title>Sign in</title>" },
  "bad-gzip": { badGzip: true },
};
const PAGES = 5;
const ENTRIES = 50;

test("daemon misses nothing and repeats nothing when any page fails in any way", { timeout: 90_000 }, async () => {
  await using setting = await startSetting();
  const from = nowSeconds() - 600;
  const runs = await Promise.all(
    Object.entries(FAULTS).flatMap(([name, fault]) =>
      Array.from({ length: PAGES }, async (_, page) => {
        const slack = await setting.slackToo();
        const entries = makeEntries(ENTRIES, { from, stretch: 250 });
        slack.addMany(entries);
        slack.intercept = failOnce(page, fault);
        const source = setting.source(slack, { start_at: startAt(from), page_size: ENTRIES / PAGES });
        return { name: `${name}-${page + 1}`, source, entries };
      }),
    ),
  );
  const daemon = await setting.daemon({ sources: Object.fromEntries(runs.map(({ name, source }) => [name, source])) });

  for (const { name, entries } of runs) {
    const isOwn = (record: { resource: Readonly<Record<string, unknown>> }) =>
      record.resource["slack.audit.source"] === name;
    await daemon.until("retrying", ({ source }) => source === name);
    await setting.delivered(ENTRIES, isOwn);
    assertEachOnce(setting.sink.records.filter(isOwn), entries);
  }
});

/** Fails the first request for the page of this index. Pages are counted from the first request with a window. */
function failOnce(page: number, fault: Fault): SlackIntercept {
  let asked = 0;
  return ({ query }) => (query.oldest !== undefined && asked++ === page ? fault : undefined);
}
