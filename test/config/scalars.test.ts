import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration, parseListen, parseSeverity, parseSize, parseStartAt } from "../../src/config/scalars.ts";
import { fc } from "../support/properties.ts";

test("parseDuration() reads every unit", () => {
  const read = ["500ms", "30s", "1m", "6h", "7d", "0s"].map(parseDuration);
  assert.deepEqual(read, [500, 30_000, 60_000, 21_600_000, 604_800_000, 0]);
});

test("parseDuration() rejects text other than a number and a unit", () => {
  for (const text of ["", "30", "s", "1.5s", "-1s", " 1s", "1s ", "1 s", "1S", "1h30m", "1e3s", "99999999999999999d"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test("parseDuration() multiplies the number by its unit, unless the product is inexact", () => {
  const units = fc.constantFrom(["ms", 1], ["s", 1_000], ["m", 60_000], ["h", 3_600_000], ["d", 86_400_000] as const);
  fc.assert(
    fc.property(fc.maxSafeNat(), units, (count, [unit, ms]) => {
      const product = count * Number(ms);
      assert.equal(parseDuration(`${count}${unit}`), Number.isSafeInteger(product) ? product : undefined);
    }),
  );
});

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

test("parseListen() reads names, addresses and a single port", () => {
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
