import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import https from "node:https";
import { afterEach, beforeEach, test } from "node:test";
import type { SinkFault } from "../../src/demo/sink/faults.ts";
import { refuseMoreThan, refuseRecords } from "../../src/demo/sink/refuse-records.ts";
import { type Sink, startSink } from "../../src/demo/sink/sink.ts";
import { createImpatientClock } from "./impatient-clock.ts";

const clock = createImpatientClock();
const never = new AbortController().signal;
let sink: Sink;
beforeEach(async () => {
  sink = await startSink({ clock });
});
afterEach(() => sink.close());

function post(uids: readonly string[], signal = never): Promise<Response> {
  const logRecords = uids.map((uid) => ({ attributes: [{ key: "log.record.uid", value: { stringValue: uid } }] }));
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  return fetch(`${sink.url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
}

async function under(fault: SinkFault, uids = ["a", "b", "c"]): Promise<Response> {
  sink.intercept = () => fault;
  return post(uids);
}

function kept(): string[] {
  return sink.records.map(({ uid }) => uid);
}

test("intercept is told the records and the index of a request", async () => {
  const told: unknown[] = [];
  sink.intercept = ({ index, records }) => {
    told.push([index, records.map(({ uid }) => uid)]);
    return undefined;
  };
  await post(["a"]);
  await post(["b", "c"]);
  assert.deepEqual(told, [
    [0, ["a"]],
    [1, ["b", "c"]],
  ]);
  assert.deepEqual(kept(), ["a", "b", "c"]);
});

test("status is another answer, and nothing is kept", async () => {
  const response = await under({
    status: 503,
    headers: { "retry-after": "3" },
    body: "busy",
    contentType: "text/plain",
  });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "3");
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(await response.text(), "busy");
  assert.deepEqual(kept(), []);
});

test("reset keeps nothing, acceptThenReset everything, and both break the connection", async () => {
  await assert.rejects(under({ reset: true }, ["a"]));
  assert.deepEqual(kept(), []);
  await assert.rejects(under({ acceptThenReset: true }, ["a"]));
  assert.deepEqual(kept(), ["a"]);
  assert.equal(sink.requests.length, 2);
});

test("cut keeps everything and breaks off the answer", async () => {
  const response = await under({ cut: true });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  assert.deepEqual(kept(), ["a", "b", "c"]);
});

test("stall keeps nothing and never answers", async () => {
  const arrived = Promise.withResolvers<void>();
  const stop = new AbortController();
  sink.intercept = () => {
    arrived.resolve();
    return { stall: true };
  };
  const stalled = post(["a"], stop.signal);
  await arrived.promise;
  sink.intercept = undefined;
  assert.equal((await post(["b"])).status, 200);
  stop.abort();
  await assert.rejects(stalled, { name: "AbortError" });
  assert.deepEqual(kept(), ["b"]);
});

test("delayMs keeps everything and answers later", async () => {
  assert.equal((await under({ delayMs: 2_000 })).status, 200);
  assert.deepEqual(clock.waits.splice(0), [2_000]);
  assert.deepEqual(kept(), ["a", "b", "c"]);
});

test("partial refuses the last records, and says how many", async () => {
  const response = await under({ partial: { rejected: 2, message: "too old" } });
  assert.deepEqual(await response.json(), { partialSuccess: { rejectedLogRecords: "2", errorMessage: "too old" } });
  assert.deepEqual(kept(), ["a"]);
});

test("partial without a refusal is a warning", async () => {
  const response = await under({ partial: { rejected: 0, message: "deprecated" } });
  assert.deepEqual(await response.json(), { partialSuccess: { errorMessage: "deprecated" } });
  assert.deepEqual(kept(), ["a", "b", "c"]);
});

test("partial is written in Protocol Buffers too", async () => {
  sink.intercept = () => ({ partial: { rejected: 300, message: "no" } });
  const headers = { "content-type": "application/x-protobuf" };
  const response = await fetch(`${sink.url}/v1/logs`, { method: "POST", headers });
  assert.equal(Buffer.from(await response.arrayBuffer()).toString("hex"), "0a0708ac0212026e6f");
});

test("html is the page of somebody else", async () => {
  const response = await under({ html: true });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/html");
  assert.deepEqual(kept(), []);
});

test("refuseRecords() refuses requests with one of its records", async () => {
  sink.intercept = refuseRecords(["b"]);
  assert.equal((await post(["a", "b"])).status, 400);
  assert.equal((await post(["a"])).status, 200);
  sink.intercept = refuseRecords(new Set(["a"]), 413);
  assert.equal((await post(["a"])).status, 413);
  assert.deepEqual(kept(), ["a"]);
});

test("refuseMoreThan() refuses large requests", async () => {
  sink.intercept = refuseMoreThan(1);
  assert.equal((await post(["a", "b"])).status, 413);
  assert.equal((await post(["a"])).status, 200);
});

test("pause() has connections refused until resume()", async () => {
  assert.equal((await post(["a"])).status, 200);
  await sink.pause();
  await assert.rejects(post(["b"]));
  await sink.resume();
  assert.equal((await post(["b"])).status, 200);
});

const openssl = spawnSync("openssl", [
  ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=sink -keyout - -out -".split(" "),
  ...["-addext", "subjectAltName=IP:127.0.0.1"],
]);

test("startSink() asks for a client certificate where it is told to", { skip: openssl.status !== 0 }, async () => {
  const pem = openssl.stdout.toString();
  const tls = { key: pem, cert: pem, ca: pem, requestClientCert: true };
  const secure = await startSink({ tls });
  const status = (identity: https.RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = https.request(`${secure.url}/v1/logs`, { ...identity, ca: pem, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject).end();
    });
  try {
    assert.match(secure.url, /^https:/);
    assert.equal(await status({ key: pem, cert: pem }), 405);
    await assert.rejects(status({}));
  } finally {
    await secure.close();
  }
});
