import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../src/config/scalars.ts";
import { fc } from "../support/properties.ts";

test("parseDuration() reads every unit", () => {
  const read = ["500ms", "30s", "1m", "6h", "7d", "0s"].map(parseDuration);
  assert.deepEqual(read, [500, 30_000, 60_000, 21_600_000, 604_800_000, 0]);
});

test("parseDuration() refuses what is not a number and a unit", () => {
  for (const text of ["", "30", "s", "1.5s", "-1s", " 1s", "1s ", "1 s", "1S", "1h30m", "1e3s", "99999999999999999d"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

test("parseDuration() is the number times its unit, wherever that is exact", () => {
  const units = fc.constantFrom(["ms", 1], ["s", 1_000], ["m", 60_000], ["h", 3_600_000], ["d", 86_400_000] as const);
  fc.assert(
    fc.property(fc.maxSafeNat(), units, (count, [unit, ms]) => {
      const product = count * Number(ms);
      assert.equal(parseDuration(`${count}${unit}`), Number.isSafeInteger(product) ? product : undefined);
    }),
  );
});
