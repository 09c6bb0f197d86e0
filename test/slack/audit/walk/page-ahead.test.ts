import assert from "node:assert/strict";
import { test } from "node:test";
import { collect } from "../../../../src/collect.ts";
import { decodeProtobuf } from "../../../../src/demo/sink/protobuf.ts";
import type { Event } from "../../../../src/events.ts";
import type { EncodedRecord } from "../../../../src/model.ts";
import { createProtobufLogsSerializer } from "../../../../src/otlp/encoding/protobuf/logs-serializer.ts";
import type { LogsQuery, SlackClient } from "../../../../src/slack/api/client.ts";
import { auditSource } from "../../../support/audit-source.ts";
import { createFakeAuthorization } from "../../../support/fake-authorization.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { createMemoryCheckpoints } from "../../../support/memory-checkpoints.ts";
import { createMemorySlack } from "../../../support/memory-slack.ts";

const PAGES = 5;
const PAGE_SIZE = 2;
const START_MS = 1_760_000_000_000;
const START = START_MS / 1_000;

/** Slack's answer to a window's request; `index` counts from 0. */
type Answer = (
  index: number,
  answer: () => ReturnType<SlackClient["logs"]>,
  signal: AbortSignal,
) => ReturnType<SlackClient["logs"]>;

interface Options {
  readonly answer?: Answer;
  /** Called while a page is delivered; `index` counts from 0. */
  readonly deliver?: (index: number, hardStop: AbortSignal) => Promise<void>;
  readonly save?: () => Promise<void>;
}

/** Collects from a Slack whose first window has five pages: `e9` and `e8`, … `e1` and `e0`. Logs what happens. */
function start({ answer = (_index, send) => send(), deliver = async () => {}, save = async () => {} }: Options) {
  const clock = createManualClock(START_MS);
  const slack = createMemorySlack(clock);
  for (let index = 0; index < PAGES * PAGE_SIZE; index++) {
    slack.store.add({ id: `e${index}`, date_create: START - 100 + index, action: "user_login" });
  }
  const log: string[] = [];
  const queries: LogsQuery[] = [];
  const events: Event[] = [];
  const delivered: string[][] = [];
  const client: SlackClient = {
    logs(query, token, signal) {
      const send = () => slack.client.logs(query, token, signal);
      if (query.oldest === undefined) return send();
      queries.push(query);
      return answer(queries.length - 1, send, signal);
    },
    release(body) {
      const ids = idsIn(body.toString());
      if (ids.length === PAGE_SIZE) log.push(`release ${ids}`);
      slack.client.release(body);
    },
    trim() {},
  };
  const checkpoints = createMemoryCheckpoints();
  const stopping = new AbortController();
  const killed = new AbortController();
  const source = auditSource({
    client,
    clock,
    authorization: createFakeAuthorization({ token: "xoxp-1" }),
    startAt: { at: START - 100 },
    pageSize: PAGE_SIZE,
    limits: { lookback: 0, maxWindow: 3_600 },
    report: (event) => void events.push(event),
  });
  const collecting = collect(source, {
    checkpoints: {
      ...checkpoints,
      async save(name, position, signal) {
        await save();
        await checkpoints.save(name, position, signal);
        if (delivered.length > 0) log.push("save");
      },
    },
    async deliver(records, signal) {
      const index = delivered.push([]) - 1;
      await deliver(index, signal);
      // Read after the delivery: the bytes must still be there.
      delivered[index] = idsOnTheWire(records);
      log.push(`deliver ${delivered[index]?.toReversed()}`);
    },
    stopping: AbortSignal.any([stopping.signal, clock.deadline(30_000)]),
    hardStop: killed.signal,
  });
  return { collecting, checkpoints, slack, queries, events, delivered, log, stopping, hardStop: killed };
}

function idsIn(text: string): string[] {
  return [...text.matchAll(/"id":"(e\d)"/g)].map(([, id = ""]) => id);
}

const serializer = createProtobufLogsSerializer();

/** The ids in a request with these records. Each record must have its own entry as body. */
function idsOnTheWire(records: readonly EncodedRecord[]): string[] {
  const request = serializer.serializeRequest([...records]);
  assert.ok(request);
  return decodeProtobuf(request).map(({ uid, body }) => {
    assert.deepEqual(idsIn(String(body)), [uid]);
    return uid;
  });
}

/** Resolves after all pending promises. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const ALL = Array.from({ length: PAGES * PAGE_SIZE }, (_, index) => `e${index}`);
const PAGES_FROM_NEWEST = Array.from({ length: PAGES }, (_, page) => ALL.toReversed().slice(2 * page, 2 * page + 2));

test("pages() fetches the next page while one is delivered, and no other, however long that takes", async () => {
  const ahead: number[] = [];
  const { collecting, queries, delivered } = start({
    async deliver(index) {
      for (let turns = 0; turns < 5; turns++) await nextTurn();
      ahead.push(queries.length - index - 1);
    },
  });
  await collecting;
  assert.deepEqual(ahead, [1, 1, 1, 1, 0]);
  assert.deepEqual(delivered.flat().toSorted(), ALL);
});

test("pages() fetches no other page while a position is saved", async () => {
  const ahead: number[] = [];
  const { collecting, queries, delivered } = start({
    async save() {
      for (let turns = 0; turns < 5; turns++) await nextTurn();
      if (queries.length > 0) ahead.push(queries.length - delivered.length);
    },
  });
  await collecting;
  assert.deepEqual(ahead.slice(0, PAGES), [1, 1, 1, 1, 0]);
});

test("pages() releases each page once, after it is delivered and saved", async () => {
  const { collecting, log } = start({ deliver: nextTurn, save: nextTurn });
  await collecting;
  assert.deepEqual(
    log.slice(0, 3 * PAGES),
    PAGES_FROM_NEWEST.flatMap((ids) => [`deliver ${ids}`, "save", `release ${ids}`]),
  );
  assert.equal(log.filter((line) => line.startsWith("release")).length, PAGES);
});

/** Rejects when the request is aborted, and never resolves. */
function hanging(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );
}

test("pages() fetches the page ahead again when one of its entries is not JSON, while a page is delivered", async () => {
  const { collecting, delivered, queries, events } = start({
    async answer(index, send) {
      const outcome = await send();
      if (index !== 1) return outcome;
      assert.ok(outcome.status === "ok");
      const body = Buffer.from(outcome.value.body.toString().replace('"id":"e6"', '"id" "e6"'));
      return { ...outcome, value: { ...outcome.value, body } };
    },
    deliver: nextTurn,
  });
  await collecting;
  assert.deepEqual(queries[1], queries[2]);
  assert.equal(queries.length, PAGES + 1);
  assert.deepEqual(delivered.flat().toSorted(), ALL);
  assert.equal(events.filter(({ event }) => event === "window_restarted").length, 0);
});

test("pages() ends at once when it is stopped while it waits for the page ahead, and the page before is saved", async () => {
  const { collecting, delivered, checkpoints, stopping, queries, log } = start({
    answer: (index, send, signal) => (index === 1 ? hanging(signal) : send()),
  });
  await nextTurn();
  assert.deepEqual(log, ["deliver e9,e8", "save", "release e9,e8"]);
  stopping.abort();
  await collecting;
  assert.deepEqual(delivered, [["e8", "e9"]]);
  assert.equal(queries.length, 2);
  assert.match(JSON.stringify(checkpoints.saved.at(-1)), /=e8.*=e9/);
});

test("pages() cancels the page ahead at once when it is stopped, and still saves the page that is delivered", async () => {
  let signalOfAhead: AbortSignal | undefined;
  const delivery = Promise.withResolvers<void>();
  const { collecting, stopping, log } = start({
    answer(index, send, signal) {
      if (index !== 1) return send();
      signalOfAhead = signal;
      return hanging(signal);
    },
    deliver: () => delivery.promise,
  });
  await nextTurn();
  assert.equal(signalOfAhead?.aborted, false);
  stopping.abort();
  assert.equal(signalOfAhead?.aborted, true);
  await nextTurn();
  assert.equal(log.length, 0);
  delivery.resolve();
  await collecting;
  assert.deepEqual(log.slice(0, 2), ["deliver e9,e8", "save"]);
  assert.equal(log.filter((line) => line.startsWith("deliver")).length, 1);
});

test("pages() cancels the page ahead when a delivery is aborted", async () => {
  let signalOfAhead: AbortSignal | undefined;
  const {
    collecting,
    hardStop: killed,
    log,
  } = start({
    answer(index, send, signal) {
      if (index === 1) signalOfAhead = signal;
      return index === 1 ? hanging(signal) : send();
    },
    deliver: (_index, signal) => hanging(signal),
  });
  await nextTurn();
  assert.equal(signalOfAhead?.aborted, false);
  const reason = new Error("killed");
  killed.abort(reason);
  await assert.rejects(collecting, reason);
  assert.equal(signalOfAhead?.aborted, true);
  assert.equal(log.length, 0);
});
