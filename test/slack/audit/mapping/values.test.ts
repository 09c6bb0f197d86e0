import assert from "node:assert/strict";
import { test } from "node:test";
import { toAnyValue, toStringList, toStringValue } from "../../../../src/slack/audit/mapping/values.ts";

function nested(depth: number): unknown {
  let value: unknown = "core";
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let inner = value; Array.isArray(inner); inner = inner[0]) depth++;
  return depth;
}

test("toAnyValue() keeps strings, numbers and booleans, and returns undefined for null and the empty string", () => {
  for (const value of ["x", 0, -1.5, true, false]) assert.equal(toAnyValue(value), value);
  for (const value of ["", null, undefined]) assert.equal(toAnyValue(value), undefined);
});

test("toAnyValue() keeps null and the empty string inside of a value", () => {
  assert.deepEqual(toAnyValue(["", null, [], 1]), ["", null, [], 1]);
  assert.deepEqual({ ...Object(toAnyValue({ a: "", b: null })) }, { a: "", b: null });
});

test("toAnyValue() writes a value as JSON where it is nested too deep for receivers", () => {
  assert.equal(depthOf(toAnyValue(nested(32))), 32);
  const value = toAnyValue(nested(1_000));
  assert.equal(depthOf(value), 32);
  let core: unknown = value;
  while (Array.isArray(core)) core = core[0];
  assert.equal(core, JSON.stringify(nested(1_000 - 32)));
});

test("toAnyValue() replaces lone surrogates, and keeps NUL and astral characters", () => {
  assert.equal(toAnyValue("a\ud800b"), "a\ufffdb");
  assert.deepEqual(Object.keys(Object(toAnyValue({ "\udc00": 1 }))), ["\ufffd"]);
  assert.equal(toAnyValue("a\u0000b\u{1f600}"), "a\u0000b\u{1f600}");
});

test("toAnyValue() keeps a string of 5 MB", () => {
  const long = "é".repeat(5 << 20);
  assert.equal(toAnyValue(long), long);
});

test("toStringValue() keeps strings, and returns any other value as JSON", () => {
  const rows = [
    ["x", "x"],
    [17, "17"],
    [-0, "0"],
    [true, "true"],
    [["a"], '["a"]'],
    [{ a: null }, '{"a":null}'],
  ] as const;
  for (const [value, text] of rows) assert.equal(toStringValue(value), text);
  for (const value of ["", null, undefined]) assert.equal(toStringValue(value), undefined);
});

test("toStringList() returns a list of strings, of one item for a single value", () => {
  assert.deepEqual(toStringList(["a", 1, null, ["b"]]), ["a", "1", "", '["b"]']);
  assert.deepEqual(toStringList("a"), ["a"]);
  assert.deepEqual(toStringList([]), []);
  for (const value of ["", null, undefined]) assert.equal(toStringList(value), undefined);
});

test("toAnyValue() writes a number as a string where an OTLP integer cannot hold it: it would cost the whole request", () => {
  assert.equal(toAnyValue(Number.POSITIVE_INFINITY), "Infinity");
  assert.equal(toAnyValue(2 ** 63), "9223372036854776000");
  assert.deepEqual(toAnyValue([-1e300, 2 ** 53 - 1, 0.5]), ["-1e+300", 2 ** 53 - 1, 0.5]);
});
