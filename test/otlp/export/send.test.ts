import assert from "node:assert/strict";
import { test } from "node:test";
import type { SinkFault } from "../../../src/demo/sink/faults.ts";
import { startSink } from "../../../src/demo/sink/sink.ts";
import type { EncodedRecord } from "../../../src/model.ts";
import { createScrubber } from "../../../src/telemetry/log.ts";
import { makeAuthority, testWithOpenssl } from "../../runtime/certificates.ts";
import { makeTemporaryFolder } from "../../runtime/temporary-folder.ts";
import { fc } from "../../support/properties.ts";
import { makeRecord, makeRecords } from "../encoding/records.ts";
import { createMeters, startExporting } from "./exporting.ts";

const PROTOCOLS = ["http/protobuf", "http/json"] as const;
const COMPRESSIONS = ["none", "gzip", "zstd"] as const;
const SECRET = "s3cret-value-of-a-header";

const hostile: EncodedRecord[] = [
  makeRecord("1", {
    body: '{"text":"ü 😀 \\u0000"}',
    severityNumber: 13,
    attributes: JSON.parse(
      '{"log.record.uid":"1","__proto__":"p","constructor":{"a":[1,"b",true,{"c":-2.5}]},"":"empty","integer":42}',
    ),
  }),
  makeRecord("2", { body: { nested: { __proto__: null, list: [1, [2], null] } } }),
  makeRecord("3", { body: undefined }),
  makeRecord("4", { body: "" }),
];

for (const protocol of PROTOCOLS) {
  for (const compression of COMPRESSIONS) {
    test(`createSend() delivers records unchanged over ${protocol} with ${compression}`, async (t) => {
      const { sink, send, warnings } = await startExporting(t, {
        protocol,
        compression,
        headers: () => ({ "x-own": "1", "user-agent": "slack-audit-receiver/1.2.3" }),
      });
      assert.deepEqual(await send(hostile), { status: "ok", value: {} });
      assert.deepEqual(warnings, []);
      const [request] = sink.requests;
      assert.equal(request?.contentType, protocol === "http/json" ? "application/json" : "application/x-protobuf");
      assert.equal(request?.compression, compression === "none" ? "" : compression);
      assert.equal(request?.headers["x-own"], "1");
      assert.equal(request?.headers["user-agent"], "slack-audit-receiver/1.2.3");
      assert.equal(Number(request?.headers["content-length"]), request?.bytes);
      const [first, second, third, fourth] = sink.records;
      assert.equal(sink.records.length, 4);
      assert.equal(first?.timeUnixNano, 1_767_268_800_000_000_000n);
      assert.equal(first?.observedTimeUnixNano, 1_767_268_860_123_000_000n);
      assert.equal(first?.severityNumber, 13);
      assert.equal(first?.eventName, "slack.audit.user_login");
      assert.equal(first?.body, '{"text":"ü 😀 \\u0000"}');
      assert.deepEqual(first?.attributeKeys, ["log.record.uid", "__proto__", "constructor", "", "integer"]);
      assert.deepEqual(first?.attributes.constructor, { a: [1n, "b", true, { c: -2.5 }] });
      assert.equal(first?.attributes.integer, 42n);
      assert.deepEqual(first?.resource, { "service.name": "slack" });
      assert.deepEqual(first?.scope, { name: "slack-audit-receiver", version: "1.2.3" });
      assert.deepEqual(second?.body, { nested: { list: [1n, [2n], null] } });
      assert.equal(third?.body, null);
      assert.equal(fourth?.body, "");
    });
  }

  test(`createSend() keeps the order and every text over ${protocol}`, async (t) => {
    const { sink, send } = await startExporting(t, { protocol });
    const text = fc.string({ unit: "binary" }).map((value) => value.toWellFormed());
    // As a key of an object literal, __proto__ is no member.
    const key = text.filter((name) => name !== "__proto__");
    let before = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ body: text, key, value: text })), async (values) => {
        await send(values.map(({ body, key, value }) => makeRecord("", { body, attributes: { [key]: value } })));
        const arrived = sink.records.slice(before).map(({ body, attributeKeys, attributes }) => ({
          body,
          keys: attributeKeys,
          values: Object.values(attributes),
        }));
        before = sink.records.length;
        assert.deepEqual(
          arrived,
          values.map(({ body, key, value }) => ({ body, keys: [key], values: [value] })),
        );
      }),
      { numRuns: 50 },
    );
  });
}

test("createSend() compresses requests to less than a quarter", async (t) => {
  const bytes: Record<string, number> = {};
  for (const compression of COMPRESSIONS) {
    const { sink, send } = await startExporting(t, { compression });
    await send(makeRecords(200));
    bytes[compression] = sink.requests[0]?.bytes ?? 0;
  }
  assert.ok((bytes.gzip ?? 0) < (bytes.none ?? 0) / 4 && (bytes.zstd ?? 0) < (bytes.none ?? 0) / 4);
});

const faults: readonly [what: string, fault: SinkFault, status: string, why: RegExp, kept: number][] = [
  [
    "the connection breaks",
    { reset: true },
    "retry",
    /^The collector did not answer: .*\((ECONNRESET|UND_ERR_SOCKET)\)$/,
    0,
  ],
  ["the answer is lost", { acceptThenReset: true }, "retry", /^The collector did not answer: /, 3],
  ["the answer breaks off", { cut: true }, "hold", /^The collector answered 200 with something that is no OTLP/, 3],
  [
    "the answer is too long",
    { status: 200, body: Buffer.alloc(5 * 1024 * 1024) },
    "hold",
    /longer than 4194304 bytes/,
    0,
  ],
  [
    "the answer claims to be packed",
    { status: 200, headers: { "content-encoding": "gzip" }, body: "plain text" },
    "hold",
    /header check/,
    0,
  ],
  [
    "the answer is a login page",
    { html: true },
    "hold",
    /^The collector answered 200 with something that is no OTLP response: <!doctype/,
    0,
  ],
  [
    "it is busy",
    { status: 503, headers: { "retry-after": "7" }, contentType: "text/plain", body: "busy" },
    "retry",
    /^The collector answered 503: busy$/,
    0,
  ],
  ["it lets nobody in", { status: 401 }, "hold", /^The collector answered 401$/, 0],
  ["it fails", { status: 500 }, "hold", /^The collector answered 500$/, 0],
];

for (const [what, fault, status, why, kept] of faults) {
  test(`createSend() resolves to ${status} when ${what}`, async (t) => {
    const { sink, send } = await startExporting(t);
    sink.intercept = () => fault;
    const outcome = await send(makeRecords(3));
    assert.equal(outcome.status, status);
    assert.match("why" in outcome ? outcome.why : "", why);
    assert.equal(sink.records.length, kept);
    assert.equal(sink.requests.length, 1);
    sink.intercept = undefined;
    assert.equal((await send(makeRecords(1))).status, "ok");
  });
}

test("createSend() passes on Retry-After", async (t) => {
  const { sink, send } = await startExporting(t);
  sink.intercept = () => ({ status: 429, headers: { "retry-after": "86400" } });
  assert.deepEqual(await send(makeRecords(1)), {
    status: "retry",
    why: "The collector answered 429",
    afterMs: 3_600_000,
  });
});

for (const status of [400, 413]) {
  test(`createSend() resolves to a refusal when the answer is ${status}`, async (t) => {
    const { sink, send } = await startExporting(t);
    sink.intercept = () => ({ status, contentType: "text/plain", body: "no" });
    const refusal = { kind: "records", why: `The collector answered ${status}: no` };
    assert.deepEqual(await send(makeRecords(2)), { status: "refused", refusal });
  });
}

for (const protocol of PROTOCOLS) {
  test(`createSend() resolves to a refusal after a partial success over ${protocol}`, async (t) => {
    const { sink, send, warnings } = await startExporting(t, { protocol });
    sink.intercept = () => ({ partial: { rejected: 2, message: "too old" } });
    const refusal = { kind: "partial", rejected: 2, message: "too old" };
    assert.deepEqual(await send(makeRecords(3)), { status: "refused", refusal });
    sink.intercept = () => ({ partial: { rejected: 0, message: "deprecated" } });
    assert.deepEqual(await send(makeRecords(3)), { status: "ok", value: {} });
    assert.deepEqual(warnings, ["deprecated"]);
  });
}

test("createSend() is in doubt when the answer does not come in time", async (t) => {
  const { sink, send, timeOut } = await startExporting(t);
  sink.intercept = () => {
    timeOut();
    return { stall: true };
  };
  assert.deepEqual(await send(makeRecords(1)), {
    status: "retry",
    doubt: "late",
    why: "The collector did not answer within 60 s (export.timeout): no answer in time",
  });
});

test("createSend() resolves to retry when nobody listens", async (t) => {
  const { sink, send } = await startExporting(t);
  await sink.pause();
  const outcome = await send(makeRecords(1));
  assert.ok(outcome.status === "retry");
  assert.match(outcome.why, /^The collector did not answer: connect ECONNREFUSED .*\(ECONNREFUSED\)$/);
  await sink.resume();
  assert.equal((await send(makeRecords(1))).status, "ok");
});

test("createSend() abandons requests in flight at a hard stop", async (t) => {
  const { sink, send, hardStop } = await startExporting(t);
  const arrived = Promise.withResolvers<void>();
  sink.intercept = () => {
    arrived.resolve();
    return { stall: true };
  };
  const sending = send(makeRecords(1));
  await arrived.promise;
  hardStop(new Error("The grace is over"));
  assert.equal((await sending).status, "retry");
  assert.equal((await send(makeRecords(1))).status, "retry");
  assert.equal(sink.requests.length, 1);
});

test("createSend() does not follow a redirect with its secrets", async (t) => {
  const elsewhere = await startSink();
  t.after(() => elsewhere.close());
  const { sink, send } = await startExporting(t, { headers: () => ({ authorization: `Bearer ${SECRET}` }) });
  for (const status of [301, 302, 307, 308]) {
    sink.intercept = () => ({ status, headers: { location: `${elsewhere.url}/v1/logs` } });
    const outcome = await send(makeRecords(1));
    assert.ok(outcome.status === "hold");
    assert.match(outcome.remedy, /redirect/);
  }
  assert.equal(sink.requests[0]?.headers.authorization, `Bearer ${SECRET}`);
  assert.deepEqual(elsewhere.requests, []);
});

test("createSend() never repeats the secrets in its headers", async (t) => {
  const headers = { authorization: `Bearer ${SECRET}`, "x-api-key": SECRET };
  const { sink, send, warnings } = await startExporting(t, {
    headers: () => headers,
    scrub: createScrubber(Object.values(headers)),
  });
  const echo = `you sent authorization: Bearer ${SECRET}; the key is ${SECRET}`;
  const statuses = [200, 301, 400, 401, 403, 404, 413, 415, 429, 500, 503];
  const answers: SinkFault[] = statuses.map((status) => ({ status, contentType: "text/plain", body: echo }));
  const partials: SinkFault[] = [1, 0].map((rejected) => ({ partial: { rejected, message: echo } }));
  for (const fault of [...answers, ...partials, { reset: true } as const]) {
    sink.intercept = () => fault;
    const told = JSON.stringify([await send(makeRecords(1)), warnings]);
    assert.doesNotMatch(told, new RegExp(SECRET));
  }
  assert.equal(warnings.length, 1);
});

test("createSend() refuses a request over the size limit, but not a single record", async (t) => {
  const { sink, send } = await startExporting(t, { maxBytes: 2_000 });
  const large = (uid: string) => makeRecord(uid, { body: "x".repeat(1_500) });
  const outcome = await send([large("1"), large("2")]);
  assert.ok(outcome.status === "refused" && outcome.refusal.kind === "records");
  assert.match(outcome.refusal.why, /^Cannot serialise: the request has \d+ bytes, 2000 are allowed$/);
  assert.equal(sink.requests.length, 0);
  assert.equal((await send([makeRecord("3", { body: "x".repeat(3_000) })])).status, "ok");
});

test("createSend() records the standard metrics of the SDK", async (t) => {
  const meters = createMeters();
  t.after(meters.close);
  const { sink, send } = await startExporting(t, { meterProvider: meters.meterProvider, maxBytes: 2_000 });
  const under = async (fault: SinkFault | undefined, count: number) => {
    sink.intercept = () => fault;
    await send(makeRecords(count));
  };
  await under(undefined, 4);
  await under(undefined, 1);
  await under({ status: 503 }, 2);
  await under({ status: 200, body: "?" }, 2);
  await under({ reset: true }, 1);
  await under({ partial: { rejected: 1 } }, 3);
  await under(undefined, 50);
  const measured = await meters.read();
  assert.deepEqual(measured["otel.sdk.exporter.log.exported"], { "": 5, 503: 2, 200: 2, no_answer: 1, rejected: 3 });
  assert.deepEqual(measured["otel.sdk.exporter.log.inflight"], { "": 0 });
  assert.deepEqual(Object.keys(measured["otel.sdk.exporter.operation.duration"] ?? {}).sort(), [
    "",
    "200",
    "503",
    "no_answer",
    "rejected",
  ]);
});

test("createSend() counts records in flight", async (t) => {
  const meters = createMeters();
  t.after(meters.close);
  const { sink, send } = await startExporting(t, { meterProvider: meters.meterProvider });
  let inflight: unknown;
  sink.intercept = async () => {
    inflight = (await meters.read())["otel.sdk.exporter.log.inflight"];
    return undefined;
  };
  await send(makeRecords(7));
  assert.deepEqual(inflight, { "": 7 });
});

testWithOpenssl("createSend() uses mutual TLS and rejects untrusted certificates", async (t) => {
  const { ca, server, client } = await makeAuthority(await makeTemporaryFolder(t));
  const tls = { ...server, ca, requestClientCert: true };
  const trusted = await startExporting(t, { tls: { ca, ...client } }, { tls });
  assert.deepEqual(await trusted.send(makeRecords(2)), { status: "ok", value: {} });
  assert.equal(trusted.sink.records.length, 2);

  const other = await makeAuthority(await makeTemporaryFolder(t));
  for (const [wrong, why] of [
    [{ ca: other.ca, ...client }, /^The collector did not answer: .*(certificate|authority)/i],
    [{ ca, ...other.client }, /^The collector did not answer: /],
    [{ ca }, /^The collector did not answer: /],
    [client, /^The collector did not answer: .*certificate/],
  ] as const) {
    const { send, sink } = await startExporting(t, { tls: wrong }, { tls });
    const outcome = await send(makeRecords(1));
    assert.ok(outcome.status === "retry");
    assert.match(outcome.why, why);
    assert.equal(sink.requests.length, 0);
  }
});

for (const protocol of PROTOCOLS) {
  for (const compression of COMPRESSIONS) {
    test(`createSend() sends a real request without records over ${protocol} with ${compression}`, async (t) => {
      const { sink, send } = await startExporting(t, { protocol, compression });
      assert.deepEqual(await send([]), { status: "ok", value: {} });
      const [request] = sink.requests;
      assert.equal(request?.contentType, protocol === "http/json" ? "application/json" : "application/x-protobuf");
      assert.equal(request?.compression, compression === "none" ? "" : compression);
      assert.equal(request?.records, 0);
      assert.ok((request?.bytes ?? 0) > 30);
      assert.equal((await send(makeRecords(2))).status, "ok");
      assert.deepEqual(
        sink.records.map(({ uid }) => uid),
        ["0", "1"],
      );
    });
  }
}
