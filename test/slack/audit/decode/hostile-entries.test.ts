import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStableTypes } from "../../../support/assert-stable-types.ts";
import { createHostileEntries } from "../../../support/hostile-entries.ts";

// With type-stability.test.ts, which runs in parallel, there are 100,000.
test("every attribute has one type in 60,000 other hostile entries, and none of them is lost in either encoding", () => {
  assert.ok(assertStableTypes(60_000, createHostileEntries(7)) > 1_000);
});
