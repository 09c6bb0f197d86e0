import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStableTypes } from "../../../support/assert-stable-types.ts";
import { createHostileEntries, HOSTILE_ENTRIES } from "../../../support/hostile-entries.ts";

// type-stability.test.ts runs as many others in parallel.
test(`every attribute has one type in ${HOSTILE_ENTRIES} other hostile entries, and none of them is lost in either encoding`, () => {
  assert.ok(assertStableTypes(HOSTILE_ENTRIES, createHostileEntries(7)) > 1_000);
});
