import assert from "node:assert/strict";
import { test } from "node:test";
import { categories } from "../../../src/slack/audit/actions.ts";
import { detailsSchema } from "../../../src/slack/audit/mapping/details.ts";
import { entityMembers } from "../../../src/slack/audit/mapping/entry-schema.ts";
import { mapEntry } from "../../support/map-entry.ts";
import { describeFixture, listFixtures, listGolden, readFixture, readGolden } from "./golden.ts";

const names = listFixtures();

for (const name of names) {
  test(`createMapping() maps the fixture ${name} to its golden record: npm run golden renews it`, () => {
    assert.deepEqual(describeFixture(name), readGolden(name));
    assert.equal(mapEntry(readFixture(name)).body, readFixture(name));
  });
}

test("every golden record has a fixture", () => {
  assert.deepEqual(listGolden().sort(), names.toSorted());
});

/** All values of a member in the fixtures, as strings. */
function said(of: (entry: Record<string, Record<string, unknown>>) => unknown): Set<string> {
  const entries = names.map((name) => JSON.parse(readFixture(name)));
  return new Set(entries.filter((entry) => !Array.isArray(entry)).flatMap((entry) => [of(entry)].flat().map(String)));
}

test("the fixtures cover every category, every type of entity, every reason of an anomaly and every member of details", () => {
  assert.ok(names.length >= 60);
  const covered = new Set(names.map((name) => mapEntry(readFixture(name)).attributes["slack.audit.category"]));
  assert.deepEqual(
    categories.filter((category) => !covered.has(category)),
    [],
  );
  const types = said(({ entity }) => entity?.type);
  assert.deepEqual(
    Object.keys(entityMembers).filter((type) => !types.has(type)),
    [],
  );
  const reasons =
    "asn excessive_downloads excessive_file_shares excessive_malware_uploads ip_address potential_spam search_volume " +
    "session_fingerprint spoofed_user_agent tor unexpected_admin_action unexpected_api_call_volume unexpected_client " +
    "unexpected_credential_testing unexpected_message_deletion unexpected_scraping unexpected_user_agent user_agent";
  const given = said(({ details }) => details?.reason ?? []);
  assert.deepEqual(
    reasons.split(" ").filter((reason) => !given.has(reason)),
    [],
  );
  const members = said(({ details = {} }) => Object.keys(details));
  assert.deepEqual(
    [...detailsSchema.types.keys()].filter((key) => !members.has(key)),
    [],
  );
});
