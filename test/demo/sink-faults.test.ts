import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import https from "node:https";
import { afterEach, beforeEach, test } from "node:test";
import type { SinkFault } from "../../src/demo/sink/faults.ts";
import { refuseMoreThan, refuseRecords } from "../../src/demo/sink/refuse-records.ts";
import { type Sink, startSink } from "../../src/demo/sink/sink.ts";
import { createInstantClock } from "./instant-clock.ts";

const clock = createInstantClock();
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

async function postWithFault(fault: SinkFault, uids = ["a", "b", "c"]): Promise<Response> {
  sink.intercept = () => fault;
  return post(uids);
}

function keptUids(): string[] {
  return sink.records.map(({ uid }) => uid);
}

test("intercept() receives the records and the index of each request", async () => {
  const calls: unknown[] = [];
  sink.intercept = ({ index, records }) => {
    calls.push([index, records.map(({ uid }) => uid)]);
    return undefined;
  };
  await post(["a"]);
  await post(["b", "c"]);
  assert.deepEqual(calls, [
    [0, ["a"]],
    [1, ["b", "c"]],
  ]);
  assert.deepEqual(keptUids(), ["a", "b", "c"]);
});

test("status replaces the response and keeps no record", async () => {
  const response = await postWithFault({
    status: 503,
    headers: { "retry-after": "3" },
    body: "busy",
    contentType: "text/plain",
  });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "3");
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(await response.text(), "busy");
  assert.deepEqual(keptUids(), []);
});

test("reset keeps no record, acceptThenReset keeps all, and both break the connection", async () => {
  await assert.rejects(postWithFault({ reset: true }, ["a"]));
  assert.deepEqual(keptUids(), []);
  await assert.rejects(postWithFault({ acceptThenReset: true }, ["a"]));
  assert.deepEqual(keptUids(), ["a"]);
  assert.equal(sink.requests.length, 2);
});

test("cut keeps all records and breaks the connection within the response", async () => {
  const response = await postWithFault({ cut: true });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  assert.deepEqual(keptUids(), ["a", "b", "c"]);
});

test("stall keeps no record and never responds", async () => {
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
  assert.deepEqual(keptUids(), ["b"]);
});

test("delayMs keeps all records and responds later", async () => {
  assert.equal((await postWithFault({ delayMs: 2_000 })).status, 200);
  assert.deepEqual(clock.waits.splice(0), [2_000]);
  assert.deepEqual(keptUids(), ["a", "b", "c"]);
});

test("partial drops the last records and tells their number", async () => {
  const response = await postWithFault({ partial: { rejected: 2, message: "too old" } });
  assert.deepEqual(await response.json(), { partialSuccess: { rejectedLogRecords: "2", errorMessage: "too old" } });
  assert.deepEqual(keptUids(), ["a"]);
});

test("partial with no rejected record is a warning", async () => {
  const response = await postWithFault({ partial: { rejected: 0, message: "deprecated" } });
  assert.deepEqual(await response.json(), { partialSuccess: { errorMessage: "deprecated" } });
  assert.deepEqual(keptUids(), ["a", "b", "c"]);
});

test("partial is encoded in Protocol Buffers for a Protocol Buffers request", async () => {
  sink.intercept = () => ({ partial: { rejected: 300, message: "no" } });
  const headers = { "content-type": "application/x-protobuf" };
  const response = await fetch(`${sink.url}/v1/logs`, { method: "POST", headers });
  assert.equal(Buffer.from(await response.arrayBuffer()).toString("hex"), "0a0708ac0212026e6f");
});

test("html sends a login page with status 200 and keeps no record", async () => {
  const response = await postWithFault({ html: true });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/html");
  assert.deepEqual(keptUids(), []);
});

test("refuseRecords() refuses every request that contains one of the records", async () => {
  sink.intercept = refuseRecords(["b"]);
  assert.equal((await post(["a", "b"])).status, 400);
  assert.equal((await post(["a"])).status, 200);
  sink.intercept = refuseRecords(new Set(["a"]), 413);
  assert.equal((await post(["a"])).status, 413);
  assert.deepEqual(keptUids(), ["a"]);
});

test("refuseMoreThan() refuses every request with more records", async () => {
  sink.intercept = refuseMoreThan(1);
  assert.equal((await post(["a", "b"])).status, 413);
  assert.equal((await post(["a"])).status, 200);
});

test("pause() refuses connections until resume()", async () => {
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

test("startSink() requires a client certificate with requestClientCert", { skip: openssl.status !== 0 }, async () => {
  const pem = openssl.stdout.toString();
  const tls = { key: pem, cert: pem, ca: pem, requestClientCert: true };
  await using secure = await startSink({ tls });
  const status = (identity: https.RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = https.request(`${secure.url}/v1/logs`, { ...identity, ca: pem, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject).end();
    });
  assert.match(secure.url, /^https:/);
  assert.equal(await status({ key: pem, cert: pem }), 405);
  await assert.rejects(status({}));
});
