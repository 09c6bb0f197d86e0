import assert from "node:assert/strict";
import { test } from "node:test";
import { parseListen, parseSeverity, parseSize, parseStartAt } from "../../src/config/scalars.ts";
import { suggestName } from "../../src/config/suggest-name.ts";
import { appendPath } from "../../src/config/url.ts";

test("parseSize() reads decimal and binary units", () => {
  const sizes = ["100B", "1KB", "2MB", "512KiB", "4MiB", "1GiB"].map(parseSize);
  assert.deepEqual(sizes, [100, 1_000, 2_000_000, 524_288, 4_194_304, 1_073_741_824]);
  for (const text of ["", "1", "1k", "1kb", "1 MiB", "1.5MiB", "-1B", "1iB", "9999999999999999KiB"]) {
    assert.equal(parseSize(text), undefined, text);
  }
});

test("parseSeverity() knows the 24 names of OpenTelemetry", () => {
  assert.deepEqual(
    ["TRACE", "TRACE4", "DEBUG", "INFO", "WARN", "ERROR2", "FATAL4"].map(parseSeverity),
    [1, 4, 5, 9, 13, 18, 24],
  );
  for (const text of ["", "warn", "WARNING", "INFO1", "INFO5", "INFO22"])
    assert.equal(parseSeverity(text), undefined, text);
});

test("parseListen() reads names, addresses, and a port alone", () => {
  assert.deepEqual(parseListen("127.0.0.1:8080"), { host: "127.0.0.1", port: 8080 });
  assert.deepEqual(parseListen("localhost:0"), { host: "localhost", port: 0 });
  assert.deepEqual(parseListen("[::1]:8080"), { host: "::1", port: 8080 });
  assert.deepEqual(parseListen(":8080"), { host: "0.0.0.0", port: 8080 });
  for (const text of ["", "8080", "localhost", "localhost:", "::1:8080", "localhost:65536", "http://localhost:80"]) {
    assert.equal(parseListen(text), undefined, text);
  }
});

test("parseStartAt() reads now, a time and a duration", () => {
  assert.deepEqual(parseStartAt("now"), { secondsBack: 0 });
  assert.deepEqual(parseStartAt("7d"), { secondsBack: 604_800 });
  assert.deepEqual(parseStartAt("2026-01-01T01:00:00.9+01:00"), { at: 1_767_225_600 });
  assert.deepEqual(parseStartAt("2026-01-01t00:00:00z"), { at: 1_767_225_600 });
  for (const text of ["", "yesterday", "2026-01-01", "2026-13-01T00:00:00Z", "1767225600"]) {
    assert.equal(parseStartAt(text), undefined, text);
  }
});

test("appendPath() puts one slash between", () => {
  assert.equal(appendPath("http://localhost:4318", "/v1/logs"), "http://localhost:4318/v1/logs");
  assert.equal(appendPath("https://siem.example/otlp//", "/v1/logs"), "https://siem.example/otlp/v1/logs");
  assert.equal(appendPath("https://siem.example/a?tenant=1", "/v1/logs"), "https://siem.example/a/v1/logs?tenant=1");
});

test("suggestName() finds what was meant", () => {
  const names = ["poll_interval", "page_size", "token", "lookback"];
  assert.equal(suggestName("pollInterval", names), "poll_interval");
  assert.equal(suggestName("poll-intervall", names), "poll_interval");
  assert.equal(suggestName("tokne", names), "token");
  assert.equal(suggestName("colour", names), undefined);
  assert.equal(suggestName("", names), undefined);
});
