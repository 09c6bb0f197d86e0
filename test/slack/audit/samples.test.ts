import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../../src/demo/entries.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import { categoryOf } from "../../../src/slack/audit/category.ts";
import { parseEntry } from "../../../src/slack/audit/entry.ts";
import { entityMembers, entitySchema } from "../../../src/slack/audit/mapping/entry-schema.ts";
import { hasMappingError } from "../../../src/slack/audit/record.ts";
import { leavesOf } from "../../support/leaves.ts";
import { mapEntry } from "../../support/map-entry.ts";
import { readSample, readSamples, samplesAreMissing } from "../../support/samples.ts";

const skip = samplesAreMissing;

/** Asserts that the attributes of a record have exactly the values of its entry. */
function assertWhole(text: string): void {
  const record = mapEntry(text);
  assert.ok(!hasMappingError(record), text);
  const {
    "slack.audit.category": _category,
    "slack.audit.details.action_time": _time,
    "log.record.uid": uid,
    ...attributes
  } = record.attributes;
  const { date_create, id, ...said } = Object(parseEntry(text).value);
  // As a set, because two spellings of a list make one attribute.
  assert.deepEqual(new Set(leavesOf(attributes)), new Set(leavesOf(said)), text);
  assert.equal(record.hrTime[0], date_create);
  if (id) assert.equal(uid, id);
}

test("createMapping() leaves nothing out of any entry of the demonstration", () => {
  const makeEntry = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  for (let at = 1_760_000_000; at < 1_760_002_000; at++) assertWhole(JSON.stringify(makeEntry(at)));
});

test("createMapping() leaves nothing out of any sample of an entry", { skip }, () => {
  const texts = readSamples();
  for (const text of texts) assertWhole(text);
  assert.ok(texts.length >= 14, `only ${texts.length} entries were found`);
});

test("every member of every recorded schema is declared", { skip }, () => {
  const { schemas } = readSample("java-sdk-schemas-recorded.json");
  for (const { type, ...children } of schemas) {
    assert.ok(type in entityMembers, type);
    for (const key of Object.keys(children[type])) assert.ok(entitySchema(type).types.has(key), `${type}.${key}`);
  }
});

test("every member that Slack's SDK has seen is declared", { skip }, () => {
  const reported: string[] = [];
  const [entry] = readSample("java-sdk-every-field-skeleton.json").entries;
  for (const [type, child] of Object.entries(entry.entity).filter(([name]) => name !== "type")) {
    const reportUnknown = (kind: string, name: string) => void reported.push(`${kind} ${name}`);
    mapEntry({ ...entry, action: "user_login", entity: { type, [type]: child } }, { reportUnknown });
  }
  assert.deepEqual(reported, []);
});

test("categoryOf() agrees with the recorded list of actions", { skip }, () => {
  const { actions } = readSample("java-sdk-actions-recorded.json");
  const recorded = new Map<string, string[]>();
  for (const [group, names] of Object.entries<string[]>(actions)) {
    for (const name of names) recorded.set(name, [...(recorded.get(name) ?? []), group]);
  }
  for (const [action, groups] of recorded) assert.ok(groups.includes(categoryOf(action)), `${action}: ${groups}`);
});
