import assert from "node:assert/strict";
import { test } from "node:test";
import { suggestName } from "../../src/config/suggest-name.ts";
import { appendPath } from "../../src/config/url.ts";

test("appendPath() joins with one slash", () => {
  assert.equal(appendPath("http://localhost:4318", "/v1/logs"), "http://localhost:4318/v1/logs");
  assert.equal(appendPath("https://siem.example/otlp//", "/v1/logs"), "https://siem.example/otlp/v1/logs");
  assert.equal(appendPath("https://siem.example/a?tenant=1", "/v1/logs"), "https://siem.example/a/v1/logs?tenant=1");
});

test("suggestName() finds the misspelt name", () => {
  const names = ["poll_interval", "page_size", "token", "lookback"];
  assert.equal(suggestName("pollInterval", names), "poll_interval");
  assert.equal(suggestName("poll-intervall", names), "poll_interval");
  assert.equal(suggestName("tokne", names), "token");
  assert.equal(suggestName("colour", names), undefined);
  assert.equal(suggestName("", names), undefined);
});
