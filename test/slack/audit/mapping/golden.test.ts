import assert from "node:assert/strict";
import { test } from "node:test";
import { categories } from "../../../../src/slack/audit/mapping/actions.ts";
import { detailsSchema } from "../../../../src/slack/audit/mapping/details.ts";
import { entityMembers, entitySchema } from "../../../../src/slack/audit/mapping/entry-schema.ts";
import { listFixtures, readFixture } from "../../../support/fixtures.ts";
import { mapEntry } from "../../../support/map-entry.ts";
import { describeFixture, listGolden, readGolden } from "./golden.ts";

const names = listFixtures();

for (const name of names) {
  test(`createMapping() maps the fixture ${name} to its golden record; npm run golden renews it`, () => {
    assert.deepEqual(describeFixture(name), readGolden(name));
    assert.equal(mapEntry(readFixture(name)).body, readFixture(name));
  });
}

test("every golden record has a fixture", () => {
  assert.deepEqual(listGolden().sort(), names.toSorted());
});

/** The values that `select` finds in all fixtures, as strings. */
function valuesOf(select: (entry: Record<string, Record<string, unknown>>) => unknown): Set<string> {
  const entries = names.map((name) => JSON.parse(readFixture(name)));
  return new Set(
    entries.filter((entry) => !Array.isArray(entry)).flatMap((entry) => [select(entry)].flat().map(String)),
  );
}

test("the fixtures cover every category, entity type, entity member, anomaly reason and member of details", () => {
  assert.ok(names.length >= 60);
  const covered = new Set(names.map((name) => mapEntry(readFixture(name)).attributes["slack.audit.category"]));
  assert.deepEqual(
    categories.filter((category) => !covered.has(category)),
    [],
  );
  const types = valuesOf(({ entity }) => entity?.type);
  assert.deepEqual(
    Object.keys(entityMembers).filter((type) => !types.has(type)),
    [],
  );
  const entityKeys = valuesOf(({ entity = {} }) =>
    Object.keys(entity[String(entity.type)] ?? {}).map((key) => `${entity.type}.${key}`),
  );
  assert.deepEqual(
    Object.keys(entityMembers)
      .flatMap((type) => [...entitySchema(type).types.keys()].map((key) => `${type}.${key}`))
      .filter((key) => !entityKeys.has(key)),
    [],
  );
  const reasons =
    "asn excessive_downloads excessive_file_shares excessive_malware_uploads ip_address potential_spam search_volume " +
    "session_fingerprint spoofed_user_agent tor unexpected_admin_action unexpected_api_call_volume unexpected_client " +
    "unexpected_credential_testing unexpected_message_deletion unexpected_scraping unexpected_user_agent user_agent";
  const given = valuesOf(({ details }) => details?.reason ?? []);
  assert.deepEqual(
    reasons.split(" ").filter((reason) => !given.has(reason)),
    [],
  );
  const members = valuesOf(({ details = {} }) => Object.keys(details));
  assert.deepEqual(
    [...detailsSchema.types.keys()].filter((key) => !members.has(key)),
    [],
  );
});
