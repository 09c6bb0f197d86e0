import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEntry } from "../../../src/slack/audit/entry.ts";

function numberIn(number: string): unknown {
  const { value } = parseEntry(`{"id":"x","n":${number}}`);
  return (value as { n: unknown }).n;
}

function dateOf(date: string): number | undefined {
  return parseEntry(`{"id":"x","date_create":${date}}`).date;
}

test("parseEntry() keeps the text, the id, the action and the date", () => {
  const text = '{ "id":"e-1", "action":"user_login", "date_create":1760000000 }';
  const { value, ...entry } = parseEntry(text);
  assert.deepEqual(entry, { text, id: "e-1", action: "user_login", date: 1_760_000_000 });
  assert.deepEqual(value, { id: "e-1", action: "user_login", date_create: 1_760_000_000 });
});

test("parseEntry() keeps every digit of a number that a double does not hold, as a string", () => {
  for (const digits of [
    "9007199254740993",
    "-9007199254740993",
    "12345678901234567890",
    "9007199254740993.0",
    "1e400",
    "-1E+400",
    "1e21",
    "900719925474099.3e4",
  ]) {
    assert.equal(numberIn(digits), digits);
  }
});

test("parseEntry() leaves a number that a double holds as it is", () => {
  assert.equal(numberIn("9007199254740991"), Number.MAX_SAFE_INTEGER);
  assert.equal(numberIn("-9007199254740991"), Number.MIN_SAFE_INTEGER);
  assert.equal(numberIn("1689249716345113"), 1_689_249_716_345_113);
  assert.equal(numberIn("1.5e3"), 1_500);
  assert.equal(numberIn("5e-324"), 5e-324);
  assert.equal(numberIn("-0"), -0);
  assert.equal(numberIn("0.1234567890123456"), 0.1234567890123456);
});

test("parseEntry() keeps the digits of a number in any place, and does not touch digits in strings", () => {
  assert.deepEqual(numberIn('[1,12345678901234567890 ,{"a":[ 12345678901234567891]}]'), [
    1,
    "12345678901234567890",
    { a: ["12345678901234567891"] },
  ]);
  assert.deepEqual(numberIn('"at 12345678901234567890"'), "at 12345678901234567890");
});

test("parseEntry() makes the same id from the same text when Slack's id is missing or odd", () => {
  const odd = [
    "{}",
    '{"id":""}',
    '{"id":null}',
    '{"id":17}',
    '{"id":{"a":1}}',
    '{"id":["x"]}',
    "null",
    "17",
    '"x"',
    "[]",
  ];
  for (const text of odd) {
    assert.match(parseEntry(text).id, /^sha256:[0-9a-f]{64}$/, text);
    assert.equal(parseEntry(text).id, parseEntry(text).id);
  }
  assert.equal(new Set(odd.map((text) => parseEntry(text).id)).size, odd.length);
});

test("parseEntry() takes whole seconds as the date, also as a string or a fraction", () => {
  assert.equal(dateOf("1760000000"), 1_760_000_000);
  assert.equal(dateOf('"1760000000"'), 1_760_000_000);
  assert.equal(dateOf("1760000000.75"), 1_760_000_000);
  assert.equal(dateOf("1.76e9"), 1_760_000_000);
  assert.equal(dateOf("9999999999"), 9_999_999_999);
});

test("parseEntry() takes no date outside of the time in which Slack has audit logs", () => {
  const odd = ["0", "-0", "0.5", "-1", "1760000000000", '"1760000000000"', "1e400", "12345678901234567890", "null"];
  for (const date of [...odd, '""', '"soon"', '"0x10"', '" 1"', "true", "[1760000000]", "{}"]) {
    assert.equal(dateOf(date), undefined, date);
  }
});

test("parseEntry() takes only a string as the action", () => {
  for (const action of ['""', "null", "17", '["user_login"]', "{}"]) {
    assert.equal(parseEntry(`{"action":${action}}`).action, undefined, action);
  }
});

test("parseEntry() throws when the text is not JSON", () => {
  for (const text of ["", "{", '{"n":12345678901234567890', "undefined"]) {
    assert.throws(() => parseEntry(text), SyntaxError, text);
  }
});

test("parseEntry() reads an entry that is nested too deep for a recursive parser", () => {
  const deep = `{"id":"x","n":${"[".repeat(100_000)}12345678901234567890${"]".repeat(100_000)}}`;
  assert.equal(parseEntry(deep).id, "x");
});
