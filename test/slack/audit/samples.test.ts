import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { createEntryMaker } from "../../../src/demo/entries.ts";
import { seededRandom } from "../../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../../src/demo/slack/people.ts";
import { categoryOf } from "../../../src/slack/audit/actions.ts";
import { parseEntry } from "../../../src/slack/audit/entry.ts";
import { parsePage } from "../../../src/slack/audit/page.ts";
import { hasMappingError } from "../../../src/slack/audit/record.ts";
import { leavesOf } from "../../support/leaves.ts";
import { mapEntry } from "../../support/map-entry.ts";

const SAMPLES = path.resolve(import.meta.dirname, "../../../../shared/samples");
const skip = existsSync(SAMPLES) ? false : "the folder with the samples is not here";

/** Asserts that everything an entry says is in its record's attributes, and nothing else. */
function assertWhole(text: string): void {
  const record = mapEntry(text);
  assert.ok(!hasMappingError(record), text);
  const { "slack.audit.category": _category, "log.record.uid": uid, ...attributes } = record.attributes;
  const { date_create, id, ...said } = Object(parseEntry(text).value);
  assert.deepEqual(leavesOf(attributes), leavesOf(said), text);
  assert.equal(record.hrTime[0], date_create);
  if (id) assert.equal(uid, id);
}

test("createMapping() leaves nothing out of any entry of the demonstration", () => {
  const makeEntry = createEntryMaker({ random: seededRandom(1), organisation: DEMO_ORGANISATION });
  for (let at = 1_760_000_000; at < 1_760_002_000; at++) assertWhole(JSON.stringify(makeEntry(at)));
});

test("createMapping() leaves nothing out of any sample of an entry", { skip }, () => {
  let entries = 0;
  for (const file of readdirSync(SAMPLES).filter((name) => /\.(ndjson|json)$/.test(name))) {
    for (const text of entriesIn(file)) {
      assertWhole(text);
      entries++;
    }
  }
  assert.ok(entries >= 14, `only ${entries} entries were found`);
});

test("categoryOf() agrees with the recorded list of actions", { skip }, () => {
  const { actions } = JSON.parse(readFileSync(path.join(SAMPLES, "java-sdk-actions-recorded.json"), "utf8"));
  const recorded = new Map<string, string[]>();
  for (const [group, names] of Object.entries<string[]>(actions)) {
    for (const name of names) recorded.set(name, [...(recorded.get(name) ?? []), group]);
  }
  for (const [action, groups] of recorded) assert.ok(groups.includes(categoryOf(action)), `${action}: ${groups}`);
});

/** The texts of the entries in a file: a line each, a page of them, or the file itself. */
function entriesIn(file: string): string[] {
  const text = readFileSync(path.join(SAMPLES, file), "utf8").trim();
  if (file.endsWith(".ndjson")) return text.split("\n");
  const page = parsePage(Buffer.from(text));
  if (page.status === "ok") return [...page.value.texts];
  return "action" in JSON.parse(text) ? [text] : [];
}
