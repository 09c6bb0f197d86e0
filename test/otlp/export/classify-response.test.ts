import assert from "node:assert/strict";
import { test } from "node:test";
import { answerPartial } from "../../../src/demo/sink/answer.ts";
import { classifyResponse } from "../../../src/otlp/export/classify-response.ts";
import type { ExportOutcome } from "../../../src/otlp/export/outcome.ts";
import { fc } from "../../support/properties.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");
const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

interface Given {
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly retryAfter?: string;
  readonly recordCount?: number;
}

function classify(status: number, { type, body = "", retryAfter, recordCount = 500 }: Given = {}): ExportOutcome {
  const headers = { "content-type": type, "retry-after": retryAfter };
  return classifyResponse(
    { status, headers, body: Buffer.from(body) },
    {
      recordCount,
      now: NOON,
      scrub: (text) => text.replaceAll("secret", "…"),
    },
  );
}

/** Formats an outcome for the tables below. */
function brief(outcome: ExportOutcome): string {
  switch (outcome.status) {
    case "ok":
      return outcome.value.warning === undefined ? "ok" : `ok: ${outcome.value.warning}`;
    case "retry":
      return `${outcome.afterMs === undefined ? "retry" : `retry after ${outcome.afterMs}`}${outcome.doubt ? `, ${outcome.doubt}` : ""}`;
    case "hold":
      return outcome.doubt ? `hold, ${outcome.doubt}` : "hold";
    case "refused":
      return outcome.refusal.kind === "records"
        ? "records"
        : `partial ${outcome.refusal.rejected}: ${outcome.refusal.message}`;
  }
}

const hex = (text: string) => Buffer.from(text, "hex");
const HTML = "<!doctype html><title>Sign in</title>";

const successes: readonly [what: string, given: Given, expected: string][] = [
  ["an empty body", {}, "ok"],
  ["an empty body of Protocol Buffers", { type: PROTOBUF }, "ok"],
  ["an empty body of JSON", { type: JSON_TYPE }, "ok"],
  ["an empty body of some other type", { type: "text/plain" }, "ok"],
  ["a Collector's answer in Protocol Buffers", { type: PROTOBUF, body: hex("0a00") }, "ok"],
  ["Protocol Buffers without a type", { body: hex("0a00") }, "ok"],
  ["a Collector's answer in JSON", { type: JSON_TYPE, body: '{"partialSuccess":{}}' }, "ok"],
  ["an empty object", { type: JSON_TYPE, body: "{}" }, "ok"],
  ["a null partial success", { type: JSON_TYPE, body: '{"partialSuccess":null}' }, "ok"],
  ["JSON with a charset", { type: "application/json; charset=utf-8", body: '{"partialSuccess":{}}' }, "ok"],
  ["JSON with a type in capitals", { type: "Application/JSON", body: "{}" }, "ok"],
  [
    "nothing rejected",
    { type: JSON_TYPE, body: '{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":""}}' },
    "ok",
  ],
  ["a message only", { type: JSON_TYPE, body: '{"partialSuccess":{"errorMessage":"deprecated"}}' }, "ok: deprecated"],
  [
    "a message only, in Protocol Buffers",
    { type: PROTOBUF, body: hex("0a04 1202 6e6f".replaceAll(" ", "")) },
    "ok: no",
  ],
  [
    "a number of rejected records",
    { type: JSON_TYPE, body: '{"partialSuccess":{"rejectedLogRecords":3,"errorMessage":"too old"}}' },
    "partial 3: too old",
  ],
  [
    "rejected records as a string",
    { type: JSON_TYPE, body: '{"partialSuccess":{"rejectedLogRecords":"3"}}' },
    "partial 3: ",
  ],
  ["rejected records in Protocol Buffers", { type: PROTOBUF, body: hex("0a0708ac0212026e6f") }, "partial 300: no"],
  ["a login page", { type: "text/html", body: HTML }, "hold, unreadable"],
  ["a login page that says it is JSON", { type: JSON_TYPE, body: HTML }, "hold, unreadable"],
  ["a login page that says it is Protocol Buffers", { type: PROTOBUF, body: HTML }, "hold, unreadable"],
  ["a login page without a type", { body: HTML }, "hold, unreadable"],
  ["text", { type: "text/plain", body: "OK" }, "hold, unreadable"],
  ["JSON that breaks off", { type: JSON_TYPE, body: '{"partialSuccess":{"rejec' }, "hold, unreadable"],
  ["JSON that is no object", { type: JSON_TYPE, body: "[]" }, "hold, unreadable"],
  ["JSON that is a string", { type: JSON_TYPE, body: '"ok"' }, "hold, unreadable"],
  ["JSON that is null", { type: JSON_TYPE, body: "null" }, "hold, unreadable"],
  ["a partial success that is no object", { type: JSON_TYPE, body: '{"partialSuccess":"yes"}' }, "hold, unreadable"],
  [
    "a number of rejected records that is none",
    { type: JSON_TYPE, body: '{"partialSuccess":{"rejectedLogRecords":"some"}}' },
    "hold, unreadable",
  ],
  ["Protocol Buffers that break off", { type: PROTOBUF, body: hex("0a0708ac") }, "hold, unreadable"],
  ["JSON under the name of Protocol Buffers", { type: PROTOBUF, body: '{"partialSuccess":{}}' }, "ok"],
  ["Protocol Buffers under the name of JSON", { type: JSON_TYPE, body: hex("0a00") }, "ok"],
  [
    "rejected Protocol Buffers under the name of JSON",
    { type: JSON_TYPE, body: hex("0a0208051a"), recordCount: 9 },
    "hold, unreadable",
  ],
  ["a rejection in Protocol Buffers under the name of JSON", { type: JSON_TYPE, body: hex("0a020805") }, "partial 5: "],
  ["a response under the name of HTML", { type: "text/html", body: "{}" }, "ok"],
  ["a response with white space around it", { type: JSON_TYPE, body: "\r\n {} \n" }, "ok"],
  ["an empty partial success in snake_case", { body: '{"partial_success":{}}' }, "ok"],
  [
    "a rejection in snake_case",
    { body: '{"partial_success":{"rejected_log_records":2,"error_message":"no"}}' },
    "partial 2: no",
  ],
  [
    "a rejection in both cases",
    { body: '{"partialSuccess":{"rejected_log_records":"2","errorMessage":"no"}}' },
    "partial 2: no",
  ],
  ["nulls", { body: '{"partialSuccess":{"rejectedLogRecords":null,"errorMessage":null}}' }, "ok"],
  ["all rejected", { body: '{"partialSuccess":{"rejectedLogRecords":3}}', recordCount: 3 }, "partial 3: "],
];

for (const [what, given, expected] of successes) {
  test(`classifyResponse() is "${expected}" when a 200 brings ${what}`, () => {
    assert.equal(brief(classify(200, given)), expected);
  });
}

const NONSENSE: readonly (string | Uint8Array)[] = [
  '{"errorMessage":"Task timed out after 3.00 seconds"}',
  '{"error":{"code":500}}',
  '{"message":"Forbidden"}',
  '{"status":"ok"}',
  '{"partialSuccess":{},"more":[]}',
  '{"partialSuccess":{"new":1}}',
  '{"partialSuccess":{},"partial_success":{}}',
  '{"partialSuccess":{"rejectedLogRecords":0,"rejected_log_records":0}}',
  '{"partialSuccess":[]}',
  '{"partialSuccess":0}',
  '{"partialSuccess":""}',
  '{"partialSuccess":{"rejectedLogRecords":-1}}',
  '{"partialSuccess":{"rejectedLogRecords":"-1"}}',
  '{"partialSuccess":{"rejectedLogRecords":0.5}}',
  '{"partialSuccess":{"rejectedLogRecords":"1.0"}}',
  '{"partialSuccess":{"rejectedLogRecords":""}}',
  '{"partialSuccess":{"rejectedLogRecords":"0x1"}}',
  '{"partialSuccess":{"rejectedLogRecords":true}}',
  '{"partialSuccess":{"rejectedLogRecords":[1]}}',
  '{"partialSuccess":{"rejectedLogRecords":501}}',
  '{"partialSuccess":{"rejectedLogRecords":"99999999999999999999"}}',
  '{"partialSuccess":{"errorMessage":1}}',
  '{"partialSuccess":{"rejectedSpans":0}}',
  '{"__proto__":{"partialSuccess":{}}}',
  '{"constructor":{}}',
  "{}{}",
  "{} ok",
  "null",
  "true",
  "0",
  "[]",
  '[{"partialSuccess":{}}]',
  " ",
  "\n",
  "OK",
  "ok\n",
  "\u0000",
  "<html></html>",
  hex("0a"),
  hex("0a0000"),
  hex("0a000a00"),
  hex("0a0108"),
  hex("0a020805ff"),
  hex("0a0408050801"),
  hex("0a0b08ffffffffffffffffff01"),
  hex("0a0308f504"),
  hex("0a0312ff61"),
  hex("0a03120261"),
  hex("0a0312c328"),
  hex("0a040d00000000"),
  hex("0a021800"),
  hex("0b0c"),
  hex("1200"),
  hex("08031204627573"),
  hex("0803120462757379"),
  hex("1f8b0800000000000003"),
];

for (const body of NONSENSE) {
  const shown = typeof body === "string" ? JSON.stringify(body) : Buffer.from(body).toString("hex");
  test(`classifyResponse() is no acknowledgement when a 200 brings ${shown}`, () => {
    for (const type of [undefined, JSON_TYPE, PROTOBUF, "text/plain"]) {
      assert.equal(brief(classify(200, { ...(type && { type }), body })), "hold, unreadable");
    }
  });
}

const failures: readonly [status: number, given: Given, expected: string][] = [
  [202, {}, "ok"],
  [204, {}, "ok"],
  [202, { type: "text/html", body: HTML }, "hold, unreadable"],
  [206, { type: JSON_TYPE, body: "{" }, "hold, unreadable"],
  [301, {}, "hold"],
  [302, { type: "text/html", body: HTML }, "hold"],
  [304, {}, "hold"],
  [307, {}, "hold"],
  [308, {}, "hold"],
  [400, {}, "records"],
  [401, {}, "hold"],
  [402, {}, "hold"],
  [403, {}, "hold"],
  [404, {}, "hold"],
  [405, {}, "hold"],
  [407, {}, "hold"],
  [408, {}, "retry"],
  [409, {}, "hold"],
  [410, {}, "hold"],
  [413, {}, "records"],
  [415, {}, "hold"],
  [422, {}, "hold"],
  [429, {}, "retry"],
  [429, { retryAfter: "30" }, "retry after 30000"],
  [429, { retryAfter: "Thu, 01 Jan 2026 12:02:00 GMT" }, "retry after 120000"],
  [429, { retryAfter: "1000000000" }, "retry after 3600000"],
  [429, { retryAfter: "0" }, "retry after 1000"],
  [429, { retryAfter: "soon" }, "retry"],
  [500, {}, "hold, failed"],
  [500, { retryAfter: "30" }, "hold, failed"],
  [501, {}, "hold, failed"],
  [502, {}, "retry, broken"],
  [503, {}, "retry"],
  [503, { retryAfter: "30" }, "retry after 30000"],
  [503, { retryAfter: "Thu, 01 Jan 2026 11:00:00 GMT" }, "retry after 1000"],
  [503, { retryAfter: "" }, "retry"],
  [504, {}, "retry, broken"],
  [505, {}, "hold, failed"],
  [599, {}, "hold, failed"],
];

for (const [status, given, expected] of failures) {
  test(`classifyResponse() is "${expected}" when the answer is ${status} ${JSON.stringify(given)}`, () => {
    assert.equal(brief(classify(status, given)), expected);
  });
}

test("classifyResponse() repeats the collector's message, shortened to one line", () => {
  const why = (body: string | Uint8Array) => {
    const outcome = classify(503, { body });
    return outcome.status === "retry" ? outcome.why : "";
  };
  assert.equal(why(""), "The collector answered 503");
  assert.equal(why("  busy\r\n\u001b[31m\tnow\u0000 "), "The collector answered 503: busy [31m now");
  assert.equal(why(hex("0803120462757379")), "The collector answered 503: busy");
  assert.ok(why("a".repeat(5_000_000)).length < 250);
  assert.equal(why(`${"a".repeat(197)}secret`), `The collector answered 503: ${"a".repeat(197)}…`);
});

test("classifyResponse() gives a remedy with each hold", () => {
  for (const status of [200, 301, 401, 403, 404, 405, 415, 418, 500]) {
    const outcome = classify(status, { type: "text/html", body: HTML });
    assert.ok(outcome.status === "hold");
    assert.match(outcome.why, new RegExp(`^The collector answered ${status}`));
    assert.match(outcome.remedy, /^[a-z].*[^.]$/);
  }
});

test("classifyResponse() has an outcome for every response, and acknowledges only a 2xx", () => {
  const types = fc.constantFrom(undefined, PROTOBUF, JSON_TYPE, "text/html", "");
  const bodies = fc.oneof(fc.uint8Array(), fc.string(), fc.json());
  const statuses = fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constant(200));
  fc.assert(
    fc.property(statuses, types, bodies, fc.string(), (status, type, body, retryAfter) => {
      const outcome = classify(status, { ...(type !== undefined && { type }), body, retryAfter });
      if (outcome.status === "ok") assert.ok(status < 300);
    }),
    { numRuns: 2_000 },
  );
});

test("classifyResponse() reads the responses of the sink, and none with another field or a missing byte", () => {
  const messages = fc.record({ rejected: fc.integer({ min: 0, max: 500 }), message: fc.string() });
  fc.assert(
    fc.property(messages, fc.constantFrom("protobuf" as const, "json" as const), (partial, encoding) => {
      const body = Buffer.from(answerPartial(encoding, partial).body);
      const outcome = classify(200, { body });
      assert.equal(outcome.status, partial.rejected > 0 ? "refused" : "ok");
      const longer = Buffer.concat([body, Buffer.from(encoding === "json" ? "x" : "\u0018\u0000")]);
      assert.equal(classify(200, { body: longer }).status, "hold");
      assert.equal(classify(200, { body: body.subarray(0, -1) }).status, body.length === 1 ? "ok" : "hold");
    }),
    { numRuns: 500 },
  );
});
