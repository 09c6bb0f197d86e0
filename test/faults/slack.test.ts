import assert from "node:assert/strict";
import { test } from "node:test";
import type { TextAnswer } from "../../src/demo/http/answer.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import type { Fault } from "../../src/demo/slack/faults.ts";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { build } from "./build.ts";

const ENTRIES = 60;
const PAGE_SIZE = 10;

interface Page {
  readonly entries: readonly unknown[];
  readonly response_metadata: { readonly next_cursor: string };
}

/** Changes the real page. */
function changed(change: (page: Page) => object): Fault {
  return { rewrite: (answer: TextAnswer) => ({ ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) }) };
}

/** Slack's fault at the `asked`-th page, from 0. `old` is an entry from before `oldest`, which must not be delivered. */
const ODDITIES: Readonly<Record<string, (asked: number, old: unknown) => Fault | undefined>> = {
  "entries out of order": () =>
    changed((page) => ({ ...page, entries: page.entries.toSorted((a, b) => hashOf(a) - hashOf(b)) })),
  "an entry from before oldest in every page": (_, old) =>
    changed((page) => ({ ...page, entries: [...page.entries, old] })),
  "every entry twice": () => changed((page) => ({ ...page, entries: [...page.entries, ...page.entries] })),
  "an answer drop by drop": (asked) => (asked === 1 ? { bytesPerSecond: 4_000 } : undefined),
  "429 with seconds": (asked) => (asked === 2 ? limited({ "retry-after": "1" }) : undefined),
  "429 with a date": (asked) =>
    asked === 2 ? limited({ "retry-after": new Date(Date.now() + 1_000).toUTCString() }) : undefined,
  "429 without a time": (asked) => (asked === 2 ? limited({}) : undefined),
  "a refused cursor": (asked) =>
    asked === 3 ? { status: 400, body: `{"ok":false,"error":"invalid_cursor"}` } : undefined,
  "a null cursor at the end": () =>
    changed((page) => ({
      ...page,
      response_metadata: page.response_metadata.next_cursor ? page.response_metadata : { next_cursor: null },
    })),
  "no cursor member at the end": () =>
    changed(({ response_metadata, ...page }) =>
      response_metadata.next_cursor ? { ...page, response_metadata } : page,
    ),
};

test("daemon delivers every entry once despite odd responses of Slack", { timeout: 90_000 }, async () => {
  const command = await build();
  await using setting = await startSetting();
  const from = nowSeconds() - 600;
  const runs = await Promise.all(
    Object.entries(ODDITIES).map(async ([what, fault], index) => {
      const slack = await setting.slackToo();
      // Some seconds have more entries than a page.
      const entries = [
        ...makeEntries(ENTRIES, { from, stretch: 250 }),
        ...makeEntries(3 * PAGE_SIZE, { from: from + 100 }),
      ];
      slack.addMany(entries);
      const [old] = makeEntries(1, { from: from - 86_400 });
      let asked = 0;
      slack.intercept = ({ query }) => (query.oldest === undefined ? undefined : fault(asked++, old));
      const source = setting.source(slack, { start_at: startAt(from), page_size: PAGE_SIZE });
      return { what, name: `odd-${index}`, source, entries };
    }),
  );
  await setting.writeConfig({ sources: Object.fromEntries(runs.map(({ name, source }) => [name, source])) });
  const daemon = await setting.daemon(undefined, { command });
  for (const { what, name, entries } of runs) {
    const isOwn = (record: { resource: Readonly<Record<string, unknown>> }) =>
      record.resource["slack.audit.source"] === name;
    await setting.delivered(entries.length, isOwn);
    await daemon.until("window_delivered", (line) => line.source === name && line.catching_up === false);
    assertEachOnce(setting.sink.records.filter(isOwn), entries);
    assert.ok(true, what);
  }
  assert.equal((await daemon.stop()).code, 0);
});

function limited(headers: Readonly<Record<string, string>>): Fault {
  return { status: 429, headers, body: `{"ok":false,"error":"ratelimited"}` };
}

/** A fixed sort key, so that every run has the same order. */
function hashOf(entry: unknown): number {
  const { id } = entry as { id: string };
  return seededRandom([...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7)).fraction();
}
