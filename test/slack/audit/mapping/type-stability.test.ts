import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../../src/demo/entries/entry-maker.ts";
import { seededRandom } from "../../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../../src/demo/slack/people.ts";
import { detailsSchema } from "../../../../src/slack/audit/mapping/details.ts";
import { knownSchemas } from "../../../../src/slack/audit/mapping/entry-schema.ts";
import { nameOf, typeOf } from "../../../../src/slack/audit/mapping/type-of.ts";
import { assertStableTypes } from "../../../support/assert-stable-types.ts";
import { listFixtures, readFixture } from "../../../support/fixtures.ts";
import { createHostileEntries, HOSTILE_ENTRIES } from "../../../support/hostile-entries.ts";
import { readSamples, samplesAreMissing } from "../../../support/samples.ts";

test(`every attribute has one type in ${HOSTILE_ENTRIES} hostile entries, and none of them is lost in either encoding`, () => {
  assert.ok(assertStableTypes(HOSTILE_ENTRIES, createHostileEntries(20_251_122)) > 1_000);
});

test("every attribute has one type in 10,000 entries of the demonstration", () => {
  const makeEntry = createEntryMaker({ random: seededRandom(3), organisation: DEMO_ORGANISATION });
  assertStableTypes(10_000, (index) => JSON.stringify(makeEntry(1_760_000_000 + index)));
});

test("every attribute has one type in every fixture", () => {
  const texts = listFixtures().map(readFixture);
  assertStableTypes(texts.length, (index) => texts[index] ?? "");
});

test("every attribute has one type in every sample", { skip: samplesAreMissing }, () => {
  const texts = readSamples();
  assertStableTypes(texts.length, (index) => texts[index] ?? "");
});

test("typeOf() gives one type to members that share an attribute name", () => {
  for (const schema of [...knownSchemas, detailsSchema]) {
    for (const [key, type] of schema.types) assert.equal(typeOf(nameOf(schema, key)), type, `${schema.path}.${key}`);
  }
});
