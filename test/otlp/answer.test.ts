import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExportOutcome, judgeAnswer } from "../../src/otlp/answer.ts";
import { fc } from "../support/properties.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");
const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

interface Given {
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly retryAfter?: string;
}

function judge(status: number, { type, body = "", retryAfter }: Given = {}): ExportOutcome {
  const headers = { "content-type": type, "retry-after": retryAfter };
  return judgeAnswer({ status, headers, body: Buffer.from(body) }, NOON, {
    scrub: (text) => text.replaceAll("secret", "…"),
  });
}

/** An outcome in as many words as the tables below need. */
function brief(outcome: ExportOutcome): string {
  switch (outcome.status) {
    case "ok":
      return outcome.value.warning === undefined ? "ok" : `ok: ${outcome.value.warning}`;
    case "retry":
      return outcome.afterMs === undefined ? "retry" : `retry after ${outcome.afterMs}`;
    case "hold":
      return outcome.mayBeRecords ? "hold, may be records" : "hold";
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
  ["fields that nobody knows yet", { type: JSON_TYPE, body: '{"partialSuccess":{"new":1},"more":[]}' }, "ok"],
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
  ["a login page", { type: "text/html", body: HTML }, "hold"],
  ["a login page that says it is JSON", { type: JSON_TYPE, body: HTML }, "hold"],
  ["a login page that says it is Protocol Buffers", { type: PROTOBUF, body: HTML }, "hold"],
  ["a login page without a type", { body: HTML }, "hold"],
  ["text", { type: "text/plain", body: "OK" }, "hold"],
  ["JSON that breaks off", { type: JSON_TYPE, body: '{"partialSuccess":{"rejec' }, "hold"],
  ["JSON that is no object", { type: JSON_TYPE, body: "[]" }, "hold"],
  ["JSON that is a string", { type: JSON_TYPE, body: '"ok"' }, "hold"],
  ["JSON that is null", { type: JSON_TYPE, body: "null" }, "hold"],
  ["a partial success that is no object", { type: JSON_TYPE, body: '{"partialSuccess":"yes"}' }, "hold"],
  [
    "a number of rejected records that is none",
    { type: JSON_TYPE, body: '{"partialSuccess":{"rejectedLogRecords":"some"}}' },
    "hold",
  ],
  ["Protocol Buffers that break off", { type: PROTOBUF, body: hex("0a0708ac") }, "hold"],
  ["JSON under the name of Protocol Buffers", { type: PROTOBUF, body: '{"partialSuccess":{}}' }, "hold"],
];

for (const [what, given, expected] of successes) {
  test(`judgeAnswer() is "${expected}" when a 200 brings ${what}`, () => {
    assert.equal(brief(judge(200, given)), expected);
  });
}

const failures: readonly [status: number, given: Given, expected: string][] = [
  [202, {}, "ok"],
  [204, {}, "ok"],
  [202, { type: "text/html", body: HTML }, "hold"],
  [206, { type: JSON_TYPE, body: "{" }, "hold"],
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
  [500, {}, "hold, may be records"],
  [500, { retryAfter: "30" }, "hold, may be records"],
  [501, {}, "hold, may be records"],
  [502, {}, "retry"],
  [503, {}, "retry"],
  [503, { retryAfter: "30" }, "retry after 30000"],
  [503, { retryAfter: "Thu, 01 Jan 2026 11:00:00 GMT" }, "retry after 1000"],
  [503, { retryAfter: "" }, "retry"],
  [504, {}, "retry"],
  [505, {}, "hold, may be records"],
  [599, {}, "hold, may be records"],
];

for (const [status, given, expected] of failures) {
  test(`judgeAnswer() is "${expected}" when the answer is ${status} ${JSON.stringify(given)}`, () => {
    assert.equal(brief(judge(status, given)), expected);
  });
}

test("judgeAnswer() tells what the collector said, on one line and not at length", () => {
  const why = (body: string | Uint8Array) => {
    const outcome = judge(503, { body });
    return outcome.status === "retry" ? outcome.why : "";
  };
  assert.equal(why(""), "The collector answered 503");
  assert.equal(why("  busy\r\n\u001b[31m\tnow\u0000 "), "The collector answered 503: busy [31m now");
  assert.equal(why(hex("0803120462757379")), "The collector answered 503: busy");
  assert.ok(why("a".repeat(5_000_000)).length < 250);
  assert.equal(why(`${"a".repeat(197)}secret`), `The collector answered 503: ${"a".repeat(197)}…`);
});

test("judgeAnswer() says what to do when it holds", () => {
  for (const status of [200, 301, 401, 403, 404, 405, 415, 418, 500]) {
    const outcome = judge(status, { type: "text/html", body: HTML });
    assert.ok(outcome.status === "hold");
    assert.match(outcome.why, new RegExp(`^The collector answered ${status}`));
    assert.match(outcome.remedy, /^[a-z].*[^.]$/);
  }
});

test("judgeAnswer() has an outcome for every answer, and takes nothing for accepted but a 2xx", () => {
  const types = fc.constantFrom(undefined, PROTOBUF, JSON_TYPE, "text/html", "");
  const bodies = fc.oneof(fc.uint8Array(), fc.string(), fc.json());
  const statuses = fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constant(200));
  fc.assert(
    fc.property(statuses, types, bodies, fc.string(), (status, type, body, retryAfter) => {
      const outcome = judge(status, { ...(type !== undefined && { type }), body, retryAfter });
      if (outcome.status === "ok") assert.ok(status < 300);
      if (outcome.status === "ok" && body.length > 0) assert.notEqual(type, "text/html");
    }),
    { numRuns: 2_000 },
  );
});
