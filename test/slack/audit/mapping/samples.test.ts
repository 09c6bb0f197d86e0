import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../../src/demo/entries/entry-maker.ts";
import { seededRandom } from "../../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../../src/demo/slack/people.ts";
import { parseEntry } from "../../../../src/slack/audit/entry.ts";
import { categoryOf } from "../../../../src/slack/audit/mapping/category.ts";
import { entityMembers, entitySchema } from "../../../../src/slack/audit/mapping/entry-schema.ts";
import { hasMappingError } from "../../../../src/slack/audit/mapping/record.ts";
import { listFixtures, readFixture } from "../../../support/fixtures.ts";
import { leavesOf } from "../../../support/leaves.ts";
import { mapEntry } from "../../../support/map-entry.ts";
import { readSample, readSamples, samplesAreMissing } from "../../../support/samples.ts";
import { shapeOf } from "../../../support/shape.ts";

/** The samples are optional; every test of them has a counterpart over the repository's own fixtures. */
const skip = samplesAreMissing;

/** One is not an object; the other repeats keys and has numbers that no double can hold. */
const IRREGULAR = ["not-understood", "lossless"];
const fixtures = listFixtures().filter((name) => !IRREGULAR.includes(name));

/** Asserts that a record's attributes contain every value of its entry, and no other value. */
function assertComplete(text: string): void {
  const record = mapEntry(text);
  assert.ok(!hasMappingError(record), text);
  const {
    "slack.audit.category": _category,
    "slack.audit.details.action_time": _time,
    "log.record.uid": uid,
    ...attributes
  } = record.attributes;
  const { date_create, id, ...values } = Object(parseEntry(text).value);
  // Sets, because two spellings of one list become one attribute.
  assert.deepEqual(new Set(leavesOf(attributes)), new Set(leavesOf(values)), text);
  assert.equal(record.hrTime[0], date_create);
  if (id) assert.equal(uid, id);
}

test("createMapping() keeps every value of every fixture", () => {
  for (const name of fixtures) assertComplete(readFixture(name));
});

test("createMapping() keeps every value of 2,000 entries of the demonstration", () => {
  const makeEntry = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  for (let at = 1_760_000_000; at < 1_760_002_000; at++) assertComplete(JSON.stringify(makeEntry(at)));
});

test("createMapping() keeps every value of every sample", { skip }, () => {
  const texts = readSamples();
  for (const text of texts) assertComplete(text);
  assert.ok(texts.length >= 14, `only ${texts.length} entries were found`);
});

test("the fixtures contain every path and type of the samples", { skip }, () => {
  const covered = new Set(fixtures.flatMap((name) => [...shapeOf(JSON.parse(readFixture(name)))]));
  const shapes = readSamples().flatMap((text) => [...shapeOf(JSON.parse(text))]);
  assert.deepEqual(
    shapes.filter((path) => !covered.has(path)),
    [],
  );
});

test("every member of every fixture is declared, except in the fixtures of unknown names", () => {
  const undeclared = fixtures.filter((name) => {
    const unknown: string[] = [];
    mapEntry(readFixture(name), { reportUnknown: (_kind, member) => void unknown.push(member) });
    return unknown.length > 0;
  });
  assert.deepEqual(undeclared, ["oauth2-token", "unknown-action", "unknown-members"]);
});

test("every member of every recorded schema is declared", { skip }, () => {
  const { schemas } = readSample("java-sdk-schemas-recorded.json");
  for (const { type, ...children } of schemas) {
    assert.ok(type in entityMembers, type);
    for (const key of Object.keys(children[type])) assert.ok(entitySchema(type).types.has(key), `${type}.${key}`);
  }
});

test("every member in the skeleton of Slack's SDK is declared", { skip }, () => {
  const undeclared: string[] = [];
  const [entry] = readSample("java-sdk-every-field-skeleton.json").entries;
  for (const [type, child] of Object.entries(entry.entity).filter(([name]) => name !== "type")) {
    const reportUnknown = (kind: string, name: string) => void undeclared.push(`${kind} ${name}`);
    mapEntry({ ...entry, action: "user_login", entity: { type, [type]: child } }, { reportUnknown });
  }
  assert.deepEqual(undeclared, []);
});

test("categoryOf() agrees with the recorded list of actions", { skip }, () => {
  const { actions } = readSample("java-sdk-actions-recorded.json");
  const recorded = Object.entries<string[]>(actions).flatMap(([group, names]) =>
    names.map((name) => ({ name, group })),
  );
  for (const [action, rows] of Map.groupBy(recorded, ({ name }) => name)) {
    const groups = rows.map(({ group }) => group);
    assert.ok(groups.includes(categoryOf(action)), `${action}: ${groups}`);
  }
});
