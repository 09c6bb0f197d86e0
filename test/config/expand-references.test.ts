// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax under test
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, load, SOURCE } from "./load-text.ts";

const attribute = async (value: string, env: NodeJS.ProcessEnv = {}, files: Record<string, string> = {}) =>
  (await load(`${SOURCE}mapping: { resource_attributes: { a: '${value}' } }`, { env, files })).mapping
    .resourceAttributes.a;

test("a reference is replaced anywhere in a value", async () => {
  const env = { A: "1", B: "2", EMPTY: "" };
  assert.equal(await attribute("x-${env:A}-${env:B}", env), "x-1-2");
  assert.equal(await attribute("${A}", env), "1");
  assert.equal(await attribute("${env:C:-a:-b}", env), "a:-b");
  assert.equal(await attribute("${env:C:-}x", env), "x");
  assert.equal(await attribute("${env:EMPTY:-default}", env), "");
  assert.equal(await attribute("$${env:A} $$ $A 5$", env), "${env:A} $ $A 5$");
});

test("a value from a file or a variable is trimmed", async () => {
  for (const text of ["one", "one\n", "one\r\n", "one\n\n", " one", "\tone \u00a0\n"]) {
    assert.equal(await attribute("${file:/run/secret}", {}, { "/run/secret": text }), "one");
    assert.equal(await attribute("${env:A}", { A: text }), "one");
    assert.equal(await attribute("a ${env:A} b", { A: text }), "a one b");
  }
  assert.equal(await attribute("${env:A}", { A: "one two\nthree " }), "one two\nthree");
});

test("an inserted value is neither parsed as YAML nor expanded again", async () => {
  for (const value of ["0123", "1e5", "true", "null", "{a: 1}", "a: b", "# c", "*d", "${env:B}", "$$", "two\nlines"]) {
    assert.equal(await attribute("${env:A}", { A: value }), value);
  }
});

test("an id keeps its digits, and a number may come from a variable", async () => {
  const text =
    "sources: { acme: { token: xoxp-1, enterprise_id: 1234567890.12345678901234567890, page_size: '${env:SIZE}' } }";
  const { sources } = await load(text, { env: { SIZE: "20" } });
  assert.equal(sources[0]?.enterpriseId, "1234567890.12345678901234567890");
  assert.equal(sources[0]?.pageSize, 20);
});

test("a reference that cannot be resolved is a fault of its key", async () => {
  assert.deepEqual(await faultsOf("sources: { acme: { token: '${env:SLACK_TOKEN}' } }"), [
    "Cannot use sources.acme.token: the variable SLACK_TOKEN is not set; set it or write ${env:SLACK_TOKEN:-}",
  ]);
  assert.deepEqual(await faultsOf("sources: { acme: { token: '${file:/run/token}' } }"), [
    'Cannot use sources.acme.token: cannot read "/run/token": there is no such file; correct the path or its permissions',
  ]);
  for (const value of ["${env:A", "${vault:A}", "${}", "${env:A:-${env:B}}", "${env:A-B}", "${file:}"]) {
    assert.deepEqual(await faultsOf(`sources: { acme: { token: '${value}' } }`), [
      "Cannot use sources.acme.token: a reference is malformed; " +
        "write ${env:NAME}, ${env:NAME:-default}, ${file:/path}, or $$ for a dollar sign",
    ]);
  }
});
