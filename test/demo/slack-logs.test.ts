import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { type DemoSlack, startSlack } from "../../src/demo/slack/slack.ts";

const NOW = 1_760_000_000;
let nowMs = NOW * 1_000;
let slack: DemoSlack;

beforeEach(async () => {
  nowMs = NOW * 1_000;
  slack = await startSlack({ now: () => nowMs, callsPerMinute: Number.POSITIVE_INFINITY });
});
afterEach(() => slack.close());

interface Page {
  readonly entries: readonly { readonly id: string }[];
  readonly response_metadata: { readonly next_cursor: string };
}

async function ask(query: Record<string, string | number> = {}, token = slack.token): Promise<Response> {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, `${value}`]));
  return fetch(`${slack.auditUrl}/logs?${search}`, { headers: { authorization: `Bearer ${token}` } });
}

async function read(query: Record<string, string | number> = {}): Promise<{ ids: string[]; cursor: string }> {
  const page = (await (await ask(query)).json()) as Page;
  return { ids: page.entries.map(({ id }) => id), cursor: page.response_metadata.next_cursor };
}

async function error(query: Record<string, string | number>): Promise<unknown> {
  const response = await ask(query);
  return [response.status, ((await response.json()) as { error: string }).error];
}

function add(id: string, at: number, visibleAt?: number): void {
  slack.add({ id, date_create: at }, visibleAt === undefined ? {} : { visibleAt });
}

test("logs sends the newest entry first, whatever the order in which entries were added", async () => {
  add("b", NOW - 20);
  add("c", NOW - 10);
  add("a", NOW - 30);
  add("b2", NOW - 20);
  const [first, second] = [await read(), await read()];
  // The order inside of a second is another one from query to query.
  const orders = [first, second].map(({ ids }) => ids.join(" ")).toSorted();
  assert.deepEqual(orders, ["c b b2 a", "c b2 b a"]);
});

test("logs includes both bounds", async () => {
  for (const back of [4, 3, 2, 1, 0]) add(`-${back}`, NOW - back);
  assert.deepEqual((await read({ oldest: NOW - 3, latest: NOW - 1 })).ids, ["-1", "-2", "-3"]);
});

test("logs continues at a cursor that ends in =, and sends an empty cursor on the last page", async () => {
  for (const back of [5, 4, 3, 2, 1]) add(`-${back}`, NOW - back);
  const first = await read({ limit: 2, oldest: NOW - 4 });
  assert.deepEqual(first.ids, ["-1", "-2"]);
  assert.match(first.cursor, /=$/);
  const second = await read({ limit: 2, oldest: NOW - 4, cursor: first.cursor });
  assert.deepEqual(second, { ids: ["-3", "-4"], cursor: "" });
});

test("logs ignores the first request's oldest when a cursor is sent without it", async () => {
  for (const back of [9, 8, 3, 2, 1]) add(`-${back}`, NOW - back);
  const { cursor } = await read({ limit: 2, oldest: NOW - 3 });
  assert.deepEqual((await read({ limit: 9, cursor })).ids, ["-3", "-8", "-9"]);
});

test("logs exceeds limit rather than split a second", async () => {
  add("old", NOW - 9);
  for (const id of ["a", "b", "c", "d"]) add(id, NOW - 5);
  add("new", NOW - 1);
  const first = await read({ limit: 2 });
  assert.equal(first.ids[0], "new");
  assert.deepEqual(first.ids.toSorted(), ["a", "b", "c", "d", "new"]);
  assert.deepEqual(await read({ limit: 2, cursor: first.cursor }), { ids: ["old"], cursor: "" });
});

test("logs shows an entry only once Slack's clock reaches its time", async () => {
  add("late", NOW - 60, (NOW + 5) * 1_000);
  add("future", NOW + 3);
  assert.deepEqual((await read()).ids, []);
  nowMs += 3_000;
  assert.deepEqual((await read()).ids, ["future"]);
  nowMs += 2_000;
  assert.deepEqual((await read()).ids, ["future", "late"]);
});

test("logs refuses bounds in Slack's future and accepts its present second", async () => {
  nowMs += 999;
  assert.equal((await ask({ latest: NOW })).status, 200);
  assert.deepEqual(await error({ latest: NOW + 1 }), [400, "invalid_range"]);
  assert.deepEqual(await error({ oldest: NOW + 1 }), [400, "invalid_range"]);
  assert.deepEqual(await error({ oldest: "1.5" }), [400, "invalid_range"]);
});

test("logs refuses invalid parameters", async () => {
  assert.deepEqual(await error({ cursor: "AAAA" }), [400, "invalid_cursor"]);
  assert.deepEqual(await error({ cursor: Buffer.from("until:12x").toString("base64") }), [400, "invalid_cursor"]);
  assert.deepEqual(await error({ limit: 10_000 }), [400, "invalid_arguments"]);
  assert.deepEqual(await error({ limit: 0 }), [400, "invalid_arguments"]);
  assert.deepEqual(await error({ action: Array(31).fill("user_login").join() }), [400, "invalid_action"]);
});

test("logs sends 1000 entries without limit", async () => {
  slack.addMany(Array.from({ length: 1_001 }, (_, index) => ({ id: `${index}`, date_create: NOW - index })));
  assert.equal((await read()).ids.length, 1_000);
});

test("logs filters by action, actor and entity", async () => {
  const entry = (id: string, action: string, user: string) => ({
    id,
    action,
    date_create: NOW - 1,
    actor: { type: "user", user: { id: user } },
    entity: { type: "file", file: { id: `F${id}` } },
  });
  slack.addMany([entry("1", "user_login", "U1"), entry("2", "file_downloaded", "U1"), entry("3", "user_logout", "U2")]);
  assert.deepEqual((await read({ action: "user_login,user_logout" })).ids.toSorted(), ["1", "3"]);
  assert.deepEqual((await read({ actor: "U1" })).ids.toSorted(), ["1", "2"]);
  assert.deepEqual((await read({ entity: "F2" })).ids, ["2"]);
  assert.deepEqual((await read({ action: "user_login", actor: "U1", limit: 1 })).cursor, "");
});

test("logs sends an entry byte for byte, and without ok", async () => {
  const text = `{ "id":"x", "id":"y",  "date_create":${NOW}, "n": 12345678901234567890, "u":"\\u00e9" }`;
  slack.add(text);
  assert.equal(await (await ask()).text(), `{"entries":[${text}],"response_metadata":{"next_cursor":""}}`);
});

test("add() accepts a text without date_create if the second is given", async () => {
  assert.throws(() => slack.add('{"id":"x"}'), TypeError);
  slack.add("{broken", { at: NOW });
  assert.match(await (await ask()).text(), /\[\{broken\]/);
});

test("logs has Slack's own date, and uses gzip if the client accepts it", async () => {
  const response = await ask();
  assert.equal(response.headers.get("date"), new Date(nowMs).toUTCString());
  assert.equal(response.headers.get("content-encoding"), "gzip");
  const headers = { authorization: `Bearer ${slack.token}`, "accept-encoding": "identity" };
  assert.equal((await fetch(`${slack.auditUrl}/logs`, { headers })).headers.get("content-encoding"), null);
});

test("startSlack() omits the Date header with date: false", async () => {
  await using dateless = await startSlack({ date: false });
  assert.equal((await fetch(`${dateless.auditUrl}/actions`)).headers.get("date"), null);
});

test("logs limits the requests per minute of Slack's time", async () => {
  await using strict = await startSlack({ now: () => nowMs, callsPerMinute: 2 });
  const call = () => fetch(`${strict.auditUrl}/logs`, { headers: { authorization: `Bearer ${strict.token}` } });
  assert.equal((await call()).status, 200);
  nowMs += 10_500;
  assert.equal((await call()).status, 200);
  const refused = await call();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "50");
  assert.deepEqual(await refused.json(), { ok: false, error: "ratelimited" });
  nowMs += 50_000;
  assert.equal((await call()).status, 200);
});
