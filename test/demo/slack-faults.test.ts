import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Fault } from "../../src/demo/slack/faults.ts";
import { type DemoSlack, startSlack } from "../../src/demo/slack/slack.ts";
import { createImpatientClock } from "./impatient-clock.ts";

const NOW_MS = 1_760_000_000_000;
const clock = createImpatientClock();
const never = new AbortController().signal;
let slack: DemoSlack;

before(async () => {
  slack = await startSlack({ clock, now: () => NOW_MS, callsPerMinute: Number.POSITIVE_INFINITY });
  for (let second = 0; second < 50; second++) slack.add({ id: `e${second}`, date_create: NOW_MS / 1_000 - second });
});
afterEach(() => {
  slack.intercept = undefined;
  clock.waits.length = 0;
});
after(() => slack.close());

function ask(signal = never): Promise<Response> {
  return fetch(`${slack.auditUrl}/logs`, { headers: { authorization: `Bearer ${slack.token}` }, signal });
}

async function under(fault: Fault): Promise<Response> {
  slack.intercept = () => fault;
  return ask();
}

test("intercept is told the request and its index, and may take its time", async () => {
  const start = slack.requests.length;
  slack.intercept = async ({ index, method, path }) =>
    index === start + 1 ? { status: 503, body: `${method} ${path}` } : undefined;
  assert.equal((await ask()).status, 200);
  assert.equal(await (await ask()).text(), "GET /audit/v1/logs");
  assert.equal((await ask()).status, 200);
  assert.equal(slack.requests.length, start + 3);
});

test("status is another answer, with Slack's date", async () => {
  const response = await under({ status: 429, headers: { "retry-after": "7" }, body: "slow down" });
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "7");
  assert.equal(response.headers.get("date"), new Date(NOW_MS).toUTCString());
  assert.equal(await response.text(), "slow down");
});

test("reset breaks the connection, and the request still counts", async () => {
  const start = slack.requests.length;
  await assert.rejects(under({ reset: true }));
  assert.equal(slack.requests.length, start + 1);
});

test("cutAfterBytes breaks off an answer that had begun", async () => {
  const response = await under({ cutAfterBytes: 30 });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  const nothing = await under({ cutAfterBytes: 0 });
  await assert.rejects(nothing.text());
});

test("truncateJson is a complete answer that is no JSON", async () => {
  const response = await under({ truncateJson: 40 });
  const text = await response.text();
  assert.equal(text.length, 40);
  assert.throws(() => JSON.parse(text), SyntaxError);
});

test("stall never answers", async () => {
  const arrived = Promise.withResolvers<void>();
  const stop = new AbortController();
  slack.intercept = () => {
    arrived.resolve();
    return { stall: true };
  };
  const stalled = ask(stop.signal);
  await arrived.promise;
  slack.intercept = undefined;
  assert.equal((await ask()).status, 200);
  stop.abort();
  await assert.rejects(stalled, { name: "AbortError" });
});

test("stallMs answers nothing for so long, then breaks the connection", async () => {
  await assert.rejects(under({ stallMs: 5_000 }));
  assert.deepEqual(clock.waits, [5_000]);
});

test("delayMs answers later", async () => {
  const response = await under({ delayMs: 3_000 });
  assert.equal(((await response.json()) as { entries: unknown[] }).entries.length, 50);
  assert.deepEqual(clock.waits, [3_000]);
});

test("bytesPerSecond answers drop by drop", async () => {
  const response = await under({ bytesPerSecond: 100 });
  assert.equal(((await response.json()) as { entries: unknown[] }).entries.length, 50);
  assert.ok(clock.waits.length > 20);
  assert.ok(clock.waits.every((ms) => ms === 50));
});

test("badGzip is an answer that cannot be unpacked", async () => {
  const response = await under({ badGzip: true });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  await assert.rejects(response.text());
});

test("rewrite changes the real answer", async () => {
  const response = await under({
    rewrite: ({ headers: { date: _, ...headers }, body }) => ({ status: 206, headers, body: body.slice(0, 12) }),
  });
  assert.equal(response.status, 206);
  assert.equal(response.headers.get("date"), null);
  assert.equal(await response.text(), '{"entries":[');
});

test("pause() has connections refused until resume()", async () => {
  await slack.pause();
  await assert.rejects(ask());
  await slack.resume();
  assert.equal((await ask()).status, 200);
});
