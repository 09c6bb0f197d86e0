import assert from "node:assert/strict";
import { test } from "node:test";
import { type Collecting, collect } from "../src/collect.ts";
import type { Page, Source } from "../src/model.ts";
import type { LogsQuery } from "../src/slack/api/client.ts";
import { makeRecord } from "./otlp/encoding/records.ts";
import { auditSource } from "./support/audit-source.ts";
import { idOf } from "./support/collecting.ts";
import { createFakeAuthorization } from "./support/fake-authorization.ts";
import { createManualClock } from "./support/manual-clock.ts";
import { createMemoryCheckpoints } from "./support/memory-checkpoints.ts";
import { createMemorySlack } from "./support/memory-slack.ts";

const START_MS = 1_760_000_000_000;
const START = START_MS / 1_000;
const LOOKBACK = 120;

/** A Slack with two pages in the first window: `e2` and `e3`, then `e1`. */
function twoPages() {
  const clock = createManualClock(START_MS);
  const slack = createMemorySlack(clock);
  for (const [id, back] of [
    ["e1", 30],
    ["e2", 20],
    ["e3", 10],
  ] as const)
    slack.store.add({ id, date_create: START - back });
  return { clock, slack };
}

type World = ReturnType<typeof twoPages>;

function sourceOf({ clock, slack }: World, client = slack.client): Source {
  const authorization = createFakeAuthorization({ token: "xoxp-1" });
  const limits = { lookback: LOOKBACK, maxWindow: 3_600 };
  return auditSource({ client, clock, authorization, limits, startAt: { secondsBack: 60 }, pageSize: 2 });
}

/** A client whose answers are errors after the first `good` ones. */
function failingAfter(good: number, { slack }: World): World["slack"]["client"] {
  let asked = 0;
  return {
    ...slack.client,
    logs: async (query, token, signal) =>
      asked++ < good ? slack.client.logs(query, token, signal) : { status: "retry", why: "Slack answered 500" },
  };
}

interface Row {
  readonly name: string;
  readonly world?: () => World;
  /** The number of requests that Slack answers, including the first one for its time. */
  readonly answers?: number;
  /** The number of pages that the collector accepts. */
  readonly deliveries?: number;
  readonly delivered: readonly string[];
  /** The last saved position, and the ids in it. */
  readonly saved: { readonly through: number; readonly ids: readonly string[] };
  /** The first request of a new source at that position, and the first page that it delivers. */
  readonly asks: Omit<LogsQuery, "limit">;
  readonly thenDelivers: readonly string[];
}

const BEGINNING = START - 60;

const CHECKPOINTS: readonly Row[] = [
  {
    name: "keeps the start when the API fails",
    answers: 1,
    delivered: [],
    saved: { through: BEGINNING - 1, ids: [] },
    asks: { oldest: BEGINNING, latest: START },
    thenDelivers: ["e2", "e3"],
  },
  {
    name: "keeps the page when it is delivered and then the API fails",
    answers: 2,
    delivered: ["e2", "e3"],
    saved: { through: BEGINNING - 1, ids: ["=e2", "=e3"] },
    asks: { oldest: BEGINNING, latest: START },
    thenDelivers: ["e1"],
  },
  {
    name: "keeps the start when the delivery of the first page fails",
    deliveries: 0,
    delivered: [],
    saved: { through: BEGINNING - 1, ids: [] },
    asks: { oldest: BEGINNING, latest: START },
    thenDelivers: ["e2", "e3"],
  },
  {
    name: "keeps the first page when the delivery of the second fails",
    deliveries: 1,
    delivered: ["e2", "e3"],
    saved: { through: BEGINNING - 1, ids: ["=e2", "=e3"] },
    asks: { oldest: BEGINNING, latest: START },
    thenDelivers: ["e1"],
  },
  {
    name: "moves on when the window is delivered",
    delivered: ["e2", "e3", "e1"],
    saved: { through: START, ids: ["=e1", "=e2", "=e3"] },
    asks: { oldest: BEGINNING, latest: START + 100 },
    thenDelivers: ["new"],
  },
  {
    name: "moves on when the window is empty",
    world: () => {
      const clock = createManualClock(START_MS);
      return { clock, slack: createMemorySlack(clock) };
    },
    delivered: [],
    saved: { through: START, ids: [] },
    asks: { oldest: BEGINNING, latest: START + 100 },
    thenDelivers: ["new"],
  },
];

for (const {
  name,
  world = twoPages,
  answers = 1_000,
  deliveries = 1_000,
  delivered,
  saved,
  asks,
  thenDelivers,
} of CHECKPOINTS) {
  test(`collect() ${name}`, async () => {
    const setting = world();
    const checkpoints = createMemoryCheckpoints();
    const ids: string[] = [];
    const killed = new AbortController();
    let pages = 0;
    await collect(sourceOf(setting, failingAfter(answers, setting)), {
      checkpoints,
      async deliver(records, signal) {
        if (pages++ >= deliveries) killed.abort();
        signal.throwIfAborted();
        ids.push(...records.map(idOf));
      },
      stopping: setting.clock.deadline(30_000),
      hardStop: killed.signal,
    }).catch((error) => assert.equal(error, killed.signal.reason));
    assert.deepEqual(ids, delivered);
    const { through, seen } = Object(checkpoints.load("acme"));
    assert.deepEqual({ through, ids: idsIn(seen) }, saved);

    // A new daemon at the same position, after a new entry.
    setting.slack.store.add({ id: "new", date_create: START + 50 });
    if (thenDelivers[0] === "new") setting.clock.advance(START_MS + 100_000 - setting.clock.now());
    else setting.clock.jump(START_MS - setting.clock.now());
    const before = setting.slack.queries.length;
    const position = checkpoints.load("acme");
    for await (const page of sourceOf(setting).pages(position, new AbortController().signal)) {
      if (page.records.length === 0) continue;
      assert.deepEqual(page.records.map(idOf), thenDelivers);
      break;
    }
    const [, first] = setting.slack.queries.slice(before);
    assert.deepEqual(first, { ...asks, limit: 2 });
  });
}

function idsIn(seen: object): string[] {
  return Object.values(seen)
    .flatMap((ids: string) => ids.split(" "))
    .sort();
}

/** A source with these pages, and a log of all calls in order. */
function scripted(pages: readonly Page[]) {
  const log: string[] = [];
  const source: Source = {
    name: "acme",
    async *pages(position) {
      log.push(`from ${position}`);
      for (const [index, page] of pages.entries()) {
        log.push(`read ${index}`);
        yield page;
      }
      log.push("end");
    },
  };
  const never = new AbortController().signal;
  const collecting: Collecting = {
    checkpoints: { load: () => 7, save: async (name, position) => void log.push(`save ${name} ${position}`) },
    deliver: async (records) => void log.push(`deliver ${records.map(idOf)}`),
    stopping: never,
    hardStop: never,
  };
  return { log, source, collecting };
}

function pageOf(next: number, ...ids: string[]): Page {
  return { next, records: ids.map((id) => makeRecord(id)) };
}

test("collect() reads a page, delivers it, saves its position, in that order, and only then reads the next", async () => {
  const { log, source, collecting } = scripted([pageOf(8, "a", "b"), pageOf(9), pageOf(10, "c")]);
  await collect(source, collecting);
  assert.deepEqual(log, [
    "from 7",
    "read 0",
    "deliver a,b",
    "save acme 8",
    "read 1",
    "save acme 9",
    "read 2",
    "deliver c",
    "save acme 10",
    "end",
  ]);
});

test("collect() saves nothing, reads no more pages and closes the source when a delivery rejects", async () => {
  const { log, source, collecting } = scripted([pageOf(8, "a"), pageOf(9, "b")]);
  const gone = new Error("killed");
  await assert.rejects(collect(source, { ...collecting, deliver: () => Promise.reject(gone) }), gone);
  assert.deepEqual(log, ["from 7", "read 0"]);
});

test("collect() reads no more pages when a position cannot be saved", async () => {
  const { log, source, collecting } = scripted([pageOf(8, "a"), pageOf(9, "b")]);
  const gone = new Error("killed");
  const checkpoints = { ...collecting.checkpoints, save: () => Promise.reject(gone) };
  await assert.rejects(collect(source, { ...collecting, checkpoints }), gone);
  assert.deepEqual(log, ["from 7", "read 0", "deliver a"]);
});
