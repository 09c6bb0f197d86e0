import assert from "node:assert/strict";
import { test } from "node:test";
import { networkErrorType } from "../../src/runtime/network-error-type.ts";

const refused = Object.assign(new Error("connect to 10.0.0.1"), { code: "ECONNREFUSED" });

for (const [what, error, expected] of [
  ["an error with a code", refused, "ECONNREFUSED"],
  ["the cause of an error", new Error("fetch failed", { cause: refused }), "ECONNREFUSED"],
  ["the first of several errors", new AggregateError([refused, new Error("other")]), "ECONNREFUSED"],
  ["a timeout", new DOMException("The operation was aborted due to timeout", "TimeoutError"), "timeout"],
  ["an error without a code", new Error("something about 10.0.0.1"), "_OTHER"],
  ["a code that is a text", Object.assign(new Error(""), { code: "host 10.0.0.1" }), "_OTHER"],
  ["no error", "10.0.0.1", "_OTHER"],
] as const) {
  test(`networkErrorType() is "${expected}" for ${what}`, () => {
    assert.equal(networkErrorType(error), expected);
  });
}
