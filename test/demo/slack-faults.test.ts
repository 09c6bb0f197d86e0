import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Fault } from "../../src/demo/slack/faults.ts";
import { type DemoSlack, startSlack } from "../../src/demo/slack/slack.ts";
import { createInstantClock } from "./instant-clock.ts";

const NOW_MS = 1_760_000_000_000;
const clock = createInstantClock();
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

async function askWithFault(fault: Fault): Promise<Response> {
  slack.intercept = () => fault;
  return ask();
}

test("intercept() receives each request and its index, and may be asynchronous", async () => {
  const start = slack.requests.length;
  slack.intercept = async ({ index, method, path }) =>
    index === start + 1 ? { status: 503, body: `${method} ${path}` } : undefined;
  assert.equal((await ask()).status, 200);
  assert.equal(await (await ask()).text(), "GET /audit/v1/logs");
  assert.equal((await ask()).status, 200);
  assert.equal(slack.requests.length, start + 3);
});

test("status replaces the response and keeps Slack's date", async () => {
  const response = await askWithFault({ status: 429, headers: { "retry-after": "7" }, body: "slow down" });
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "7");
  assert.equal(response.headers.get("date"), new Date(NOW_MS).toUTCString());
  assert.equal(await response.text(), "slow down");
});

test("reset breaks the connection, and requests contains the request", async () => {
  const start = slack.requests.length;
  await assert.rejects(askWithFault({ reset: true }));
  assert.equal(slack.requests.length, start + 1);
});

test("cutAfterBytes breaks the connection within the response", async () => {
  const response = await askWithFault({ cutAfterBytes: 30 });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  const nothing = await askWithFault({ cutAfterBytes: 0 });
  await assert.rejects(nothing.text());
});

test("truncateJson sends a complete response that is not JSON", async () => {
  const response = await askWithFault({ truncateJson: 40 });
  const text = await response.text();
  assert.equal(text.length, 40);
  assert.throws(() => JSON.parse(text), SyntaxError);
});

test("stall never responds", async () => {
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

test("stallMs breaks the connection after this time without a response", async () => {
  await assert.rejects(askWithFault({ stallMs: 5_000 }));
  assert.deepEqual(clock.waits, [5_000]);
});

test("delayMs responds later", async () => {
  const response = await askWithFault({ delayMs: 3_000 });
  assert.equal(((await response.json()) as { entries: unknown[] }).entries.length, 50);
  assert.deepEqual(clock.waits, [3_000]);
});

test("bytesPerSecond sends the response in chunks", async () => {
  const response = await askWithFault({ bytesPerSecond: 100 });
  assert.equal(((await response.json()) as { entries: unknown[] }).entries.length, 50);
  assert.ok(clock.waits.length > 20);
  assert.ok(clock.waits.every((ms) => ms === 50));
});

test("badGzip sends a response that cannot be decompressed", async () => {
  const response = await askWithFault({ badGzip: true });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  await assert.rejects(response.text());
});

test("rewrite changes the response", async () => {
  const response = await askWithFault({
    rewrite: ({ headers: { date: _, ...headers }, body }) => ({ status: 206, headers, body: body.slice(0, 12) }),
  });
  assert.equal(response.status, 206);
  assert.equal(response.headers.get("date"), null);
  assert.equal(await response.text(), '{"entries":[');
});

test("pause() refuses connections until resume()", async () => {
  await slack.pause();
  await assert.rejects(ask());
  await slack.resume();
  assert.equal((await ask()).status, 200);
});
