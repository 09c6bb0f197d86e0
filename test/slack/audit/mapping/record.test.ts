import assert from "node:assert/strict";
import { test } from "node:test";
import { hasMappingError } from "../../../../src/slack/audit/mapping/record.ts";
import { ARRIVED_AT_MS, mapEntry, RESOURCE } from "../../../support/map-entry.ts";

const TEXT = '{"id":"e-1","date_create":1760000000, "action":"file_downloaded","details":{"a":"\\u00e9","n":[1,""]}}';

test("createMapping() maps an entry to a record", () => {
  assert.deepEqual(mapEntry(TEXT, { scope: { name: "slack-audit-receiver", version: "1.2.3" } }), {
    hrTime: [1_760_000_000, 0],
    hrTimeObserved: [1_760_000_060, 250_000_000],
    severityNumber: 9,
    eventName: "slack.audit.file_downloaded",
    body: TEXT,
    attributes: {
      "log.record.uid": "e-1",
      "slack.audit.action": "file_downloaded",
      "slack.audit.category": "file",
      "slack.audit.details.a": "é",
      "slack.audit.details.n": '[1,""]',
    },
    droppedAttributesCount: 0,
    resource: RESOURCE,
    instrumentationScope: { name: "slack-audit-receiver", version: "1.2.3" },
  });
});

test("createMapping() sets the observed time to the page's arrival, and the time to 0 when the entry has none", () => {
  const { hrTime, hrTimeObserved } = mapEntry({ id: "x", date_create: "soon" });
  assert.deepEqual(hrTime, [0, 0]);
  assert.deepEqual(hrTimeObserved, [ARRIVED_AT_MS / 1_000 - 0.25, 250_000_000]);
});

test("createMapping() makes the body Slack's text, a map, or nothing, by the option", () => {
  assert.equal(mapEntry(TEXT, { body: "json" }).body, TEXT);
  assert.deepEqual(JSON.parse(JSON.stringify(mapEntry(TEXT, { body: "map" }).body)), JSON.parse(TEXT));
  assert.ok(!("body" in mapEntry(TEXT, { body: "none" })));
});

test("createMapping() gives no event name when the action is not a valid name, and keeps the action as an attribute", () => {
  for (const action of ["user login", "a".repeat(201), "x\ny", "ünder"]) {
    const record = mapEntry({ action });
    assert.ok(!("eventName" in record));
    assert.equal(record.attributes["slack.audit.action"], action);
  }
  assert.ok(!("eventName" in mapEntry({})));
  assert.equal(mapEntry({ action: "pref.sso_setting-changed" }).eventName, "slack.audit.pref.sso_setting-changed");
});

test("createMapping() maps an entry that is not an object to its text and the error, for any body option", () => {
  for (const body of ["json", "map", "none"] as const) {
    for (const text of ["null", "[]", "17", '"x"', '[{"id":"e-1"}]']) {
      const record = mapEntry(text, { body });
      assert.equal(record.body, text);
      assert.equal(record.attributes["slack.audit.mapping_error"], "the entry is not an object");
      assert.match(String(record.attributes["log.record.uid"]), /^sha256:/);
      assert.ok(hasMappingError(record));
    }
  }
  assert.ok(!hasMappingError(mapEntry(TEXT)));
});

test("createMapping() maps an entry that is nested 1,000 deep, and takes the text of one that is nested 100,000 deep", () => {
  const nested = (depth: number) => `{"id":"e-1","details":{"a":${"[".repeat(depth)}1${"]".repeat(depth)}}}`;
  for (const body of ["json", "map", "none"] as const) {
    assert.ok(!hasMappingError(mapEntry(nested(1_000), { body })));
    const record = mapEntry(nested(100_000), { body });
    assert.ok(hasMappingError(record));
    assert.equal(record.body, nested(100_000));
    assert.equal(record.attributes["log.record.uid"], "e-1");
  }
});

test("createMapping() prefers the operator's severity, and the first pattern that matches", () => {
  const severity = [
    ["user_login_failed", 17],
    ["user_*", 5],
    ["*", 1],
  ] as const;
  const severityOf = (action: string) => mapEntry({ action }, { severity }).severityNumber;
  assert.deepEqual(["user_login_failed", "user_login", "anomaly"].map(severityOf), [17, 5, 1]);
});
