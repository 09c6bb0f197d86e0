import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { type Sink, startSink } from "../../src/demo/sink/sink.ts";

const resource = resourceFromAttributes({ "service.name": "slack", "slack.audit.source": "acme" });
const instrumentationScope = { name: "slack-audit", version: "1.2.3" };

function record(uid: string, more: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
  const { attributes, ...members } = more;
  return {
    hrTime: [1_760_000_000, 0],
    hrTimeObserved: [1_760_000_001, 999_999_999],
    severityNumber: 13,
    body: '{"id":"ü"}',
    eventName: "slack.audit.user_login",
    attributes: { "log.record.uid": uid, ...attributes },
    droppedAttributesCount: 2,
    resource,
    instrumentationScope,
    ...members,
  };
}

const everyValueType = {
  z: "",
  a: true,
  integer: 42,
  negative: -7,
  double: 1.5,
  list: ["x", "y"],
  map: { deep: { list: [1, "two", null] }, __proto: "p" },
  bytes: Uint8Array.of(0, 255),
};

const SERIALIZERS = {
  "application/x-protobuf": ProtobufLogsSerializer,
  "application/json": JsonLogsSerializer,
} as const;

const COMPRESSIONS = { "": (bytes: Uint8Array) => bytes, gzip: zlib.gzipSync, zstd: zlib.zstdCompressSync } as const;

let sink: Sink;
before(async () => {
  sink = await startSink();
});
after(() => sink.close());

function post(body: Uint8Array | string, headers: Record<string, string>, to = sink): Promise<Response> {
  return fetch(`${to.url}/v1/logs`, { method: "POST", body: Buffer.from(body), headers });
}

for (const [contentType, serializer] of Object.entries(SERIALIZERS)) {
  for (const [compression, compress] of Object.entries(COMPRESSIONS)) {
    test(`startSink() decodes ${contentType} with compression "${compression}"`, async () => {
      const first = sink.records.length;
      const traced = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
      const bytes = serializer.serializeRequest([
        record("u1", { attributes: everyValueType }),
        record("u2", { spanContext: traced }),
      ]);
      const body = compress(bytes ?? new Uint8Array());
      const headers = { "content-type": contentType, ...(compression ? { "content-encoding": compression } : {}) };
      const response = await post(body, headers);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), contentType);
      const answer = Buffer.from(await response.arrayBuffer());
      assert.deepEqual(answer, contentType.endsWith("json") ? Buffer.from('{"partialSuccess":{}}') : Buffer.of(10, 0));

      const request = sink.requests.at(-1);
      assert.equal(request?.bytes, body.length);
      assert.equal(request?.records, 2);
      assert.equal(request?.compression, compression);
      const [one, two] = sink.records.slice(first);
      assert.deepEqual(one, {
        timeUnixNano: 1_760_000_000_000_000_000n,
        observedTimeUnixNano: 1_760_000_001_999_999_999n,
        severityNumber: 13,
        severityText: "",
        body: '{"id":"ü"}',
        attributes: {
          "log.record.uid": "u1",
          z: "",
          a: true,
          integer: 42n,
          negative: -7n,
          double: 1.5,
          list: ["x", "y"],
          map: { deep: { list: [1n, "two", null] }, __proto: "p" },
          bytes: Uint8Array.of(0, 255),
        },
        attributeKeys: ["log.record.uid", "z", "a", "integer", "negative", "double", "list", "map", "bytes"],
        droppedAttributesCount: 2,
        flags: 0,
        traceId: "",
        spanId: "",
        eventName: "slack.audit.user_login",
        uid: "u1",
        resource: { "service.name": "slack", "slack.audit.source": "acme" },
        scope: { name: "slack-audit", version: "1.2.3" },
        request: sink.requests.length - 1,
      });
      assert.equal(two?.traceId, traced.traceId);
      assert.equal(two?.spanId, traced.spanId);
      assert.equal(two?.flags, 1);
    });
  }
}

test("startSink() keeps every digit of a JSON integer, sent as a number or as a string", async () => {
  const value = (intValue: string) => `{"key":"k","value":{"intValue":${intValue}}}`;
  const body = (intValue: string) =>
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":1760000000000000001,"attributes":[${value(intValue)}]}]}]}]}`;
  for (const written of ["9007199254740993", '"9007199254740993"']) {
    await post(body(written), { "content-type": "application/json; charset=utf-8" });
    const record = sink.records.at(-1);
    assert.equal(record?.timeUnixNano, 1_760_000_000_000_000_001n);
    assert.deepEqual(record?.attributes, { k: 9_007_199_254_740_993n });
  }
});

test("startSink() answers like a Collector to a wrong method, media type or path", async () => {
  const headers = { "content-type": "application/x-protobuf" };
  const answers = [
    await fetch(`${sink.url}/v1/logs`),
    await post("x", { "content-type": "text/csv" }),
    await fetch(`${sink.url}/v1/traces`, { method: "POST", headers }),
  ];
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers.get("content-type")]),
    [405, 415, 404].map((status) => [status, "text/plain"]),
  );
});

test("startSink() answers 400 to an invalid body, in the encoding of the request", async () => {
  const lone = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"doubleValue":null}}]}]}]}';
  const huge = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"intValue":1e21}}]}]}]}';
  for (const body of ["{", "[]", '{"resourceLogs":7}', lone, huge]) {
    const response = await post(body, { "content-type": "application/json" });
    assert.equal(response.status, 400, body);
    assert.equal(((await response.json()) as { code: number }).code, 3);
  }
  const types = { "content-type": "application/x-protobuf" };
  for (const bytes of [Uint8Array.of(0x0a, 0x05), Uint8Array.of(0x0f), Uint8Array.of(0x80)]) {
    const response = await post(bytes, types);
    assert.equal(response.status, 400);
    assert.equal(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 2)
        .toString("hex"),
      "0803",
    );
  }
  assert.equal((await post("no gzip", { ...types, "content-encoding": "gzip" })).status, 400);
  assert.equal((await post("", { ...types, "content-encoding": "br" })).status, 400);
  assert.equal((await post("", types)).status, 200);
});

test("startSink() answers 400 to a request that is too large, compressed or not", async () => {
  await using small = await startSink({ maxRequestBytes: 1_000 });
  const body = ProtobufLogsSerializer.serializeRequest([record("u", { body: "x".repeat(2_000) })]) ?? new Uint8Array();
  const headers = { "content-type": "application/x-protobuf" };
  assert.equal((await post(body, headers, small)).status, 400);
  assert.equal((await post(zlib.gzipSync(body), { ...headers, "content-encoding": "gzip" }, small)).status, 400);
  assert.equal(small.records.length, 0);
});

test("startSink() calls onRecords, and keeps no record with keep: false", async () => {
  const seen: string[] = [];
  await using reporting = await startSink({ onRecords: (records) => seen.push(...records.map(({ uid }) => uid)) });
  await using discarding = await startSink({ keep: false });
  const body = ProtobufLogsSerializer.serializeRequest([record("u1"), record("u2")]) ?? new Uint8Array();
  for (const at of [reporting, discarding]) {
    assert.equal((await post(body, { "content-type": "application/x-protobuf" }, at)).status, 200);
  }
  assert.deepEqual(seen, ["u1", "u2"]);
  assert.deepEqual(discarding.records, []);
  assert.equal(discarding.requests[0]?.bytes, body.length);
});
