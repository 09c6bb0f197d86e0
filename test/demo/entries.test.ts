import assert from "node:assert/strict";
import { test } from "node:test";
import { createEntryMaker } from "../../src/demo/entries/entry-maker.ts";
import { ENTRY_TEMPLATES } from "../../src/demo/entries/entry-templates.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";

function make(seed: number, count: number) {
  const maker = createEntryMaker({ random: seededRandom(seed), organisation: DEMO_ORGANISATION });
  return Array.from({ length: count }, (_, index) => maker(1_760_000_000 + index));
}

const many = make(1, 5_000);

test("createEntryMaker() makes the same entries for the same seed, and other entries for another seed", () => {
  assert.deepEqual(make(7, 50), make(7, 50));
  assert.notDeepEqual(make(7, 50), make(8, 50));
});

test("createEntryMaker() gives each entry a unique UUID, its second, and one entity under the name of its type", () => {
  assert.equal(new Set(many.map(({ id }) => id)).size, many.length);
  for (const [index, entry] of many.entries()) {
    assert.match(entry.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(entry.date_create, 1_760_000_000 + index);
    assert.deepEqual(Object.keys(entry.entity), ["type", entry.entity.type]);
  }
});

test("createEntryMaker() uses every template", () => {
  const actions = new Set(many.map(({ action }) => action));
  assert.deepEqual(
    [...new Set(ENTRY_TEMPLATES.map(({ action }) => action))].filter((action) => !actions.has(action)),
    [],
  );
});

test("createEntryMaker() makes entities of every type", () => {
  const types = new Set(many.map(({ entity }) => entity.type));
  const documented =
    "user workspace enterprise channel file app message workflow workflow_v2 usergroup barrier huddle canvas list role " +
    "account_type_role template legal_hold_policy function external_auth_oauth2_token";
  assert.deepEqual(
    documented.split(" ").filter((type) => !types.has(type)),
    [],
  );
});

test("createEntryMaker() varies the type of members whose type varies at Slack", () => {
  const typesOf = (part: "context" | "details", key: string) => {
    const values = many.map((entry) => (entry[part] as Record<string, unknown> | undefined)?.[key]);
    return new Set(values.map((value) => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value)));
  };
  assert.deepEqual(typesOf("context", "session_id"), new Set(["number", "string", "null"]));
  assert.ok(typesOf("details", "new_value").isSupersetOf(new Set(["string", "list", "object", "number"])));
  assert.ok(typesOf("details", "reason").isSupersetOf(new Set(["string", "list"])));
  assert.ok(typesOf("details", "succeeded_users").isSupersetOf(new Set(["string", "list"])));
});
