import assert from "node:assert/strict";
import { test } from "node:test";
import { actions } from "../../../../src/slack/audit/mapping/actions.ts";
import { ocsfClassOf } from "../../../../src/slack/audit/mapping/presets/ocsf-class.ts";
import { type PresetName, presets } from "../../../../src/slack/audit/mapping/presets/presets.ts";
import { verbOf } from "../../../../src/slack/audit/mapping/presets/verb.ts";
import { listFixtures, readFixture } from "../../../support/fixtures.ts";
import { createHostileEntries } from "../../../support/hostile-entries.ts";
import { leavesOf } from "../../../support/leaves.ts";
import { mapEntry } from "../../../support/map-entry.ts";

const OTHERS: readonly PresetName[] = ["ecs", "ocsf"];

test("every preset gives every fixture the same values and the same body", () => {
  for (const name of listFixtures()) {
    const text = readFixture(name);
    const otel = mapEntry(text);
    for (const preset of OTHERS) {
      const other = mapEntry(text, { preset });
      const missing = new Set(leavesOf(otel.attributes)).difference(new Set(leavesOf(other.attributes)));
      assert.deepEqual([...missing], [], `${name} in ${preset}`);
      assert.equal(other.body, otel.body);
      assert.equal(other.attributes["log.record.uid"], otel.attributes["log.record.uid"]);
    }
  }
});

test("no attribute of a preset changes its type", () => {
  for (const preset of OTHERS) {
    const types = new Map<string, string>();
    const next = createHostileEntries(7);
    for (let made = 0; made < 3_000; made++) {
      for (const [name, value] of Object.entries(mapEntry(next(), { preset }).attributes)) {
        const type = Array.isArray(value) ? "list" : typeof value;
        assert.equal(types.get(name) ?? type, type, `${name} in ${preset}`);
        types.set(name, type);
      }
    }
  }
});

test("ecs gives its categorisation fields allowed values", () => {
  const categories = "api authentication configuration file iam intrusion_detection malware package session".split(" ");
  const types = "access change creation deletion denied end group info installation start user".split(" ");
  for (const { name: action, category } of actions) {
    const fields = presets.ecs.classify({ action, category, severityNumber: 9 });
    for (const value of [fields["event.category"]].flat()) assert.ok(categories.includes(String(value)), action);
    for (const value of [fields["event.type"]].flat()) assert.ok(types.includes(String(value)), action);
  }
});

test("ecs distinguishes failure from success", () => {
  const outcomeOf = (action: string) => mapEntry({ action }, { preset: "ecs" }).attributes["event.outcome"];
  const outcomes = [
    "user_login",
    "user_login_failed",
    "file_download_blocked",
    "ip_allowlist_access_denied",
    "anomaly",
  ];
  assert.deepEqual(outcomes.map(outcomeOf), ["success", "failure", "failure", "failure", "unknown"]);
});

test("ocsf gives each action a class and an activity of that class", () => {
  const rows = [
    ["user_login", 3002, 1],
    ["user_login_failed", 3002, 1],
    ["user_logout", 3002, 2],
    ["user_created", 3001, 1],
    ["user_deactivated", 3001, 5],
    ["user_password_reset_by_admin", 3001, 4],
    ["role_assigned", 3005, 3],
    ["user_added_to_usergroup", 3006, 3],
    ["file_uploaded", 6006, 1],
    ["file_downloaded", 6006, 2],
    ["file_shared", 6006, 12],
    ["app_installed", 6002, 1],
    ["app_uninstalled", 6002, 2],
    ["public_channel_created", 6001, 1],
    ["manual_export_started", 6001, 7],
    ["mcp_slack_read_channel_tool_called", 6003, 2],
    ["anomaly", 2004, 1],
    ["file_malicious_content_detected", 2004, 1],
    ["native_dlp_rule_action_applied", 2006, 1],
    ["barrier_created", 3004, 1],
    ["tide_measured", 3004, 99],
  ] as const;
  for (const [action, classUid, activityId] of rows) {
    const { attributes } = mapEntry({ action, date_create: 1_760_000_000 }, { preset: "ocsf" });
    const found = [attributes.class_uid, attributes.activity_id, attributes.type_uid, attributes.category_uid];
    assert.deepEqual(found, [classUid, activityId, classUid * 100 + activityId, Math.floor(classUid / 1_000)], action);
    assert.equal(attributes.time, 1_760_000_000_000);
  }
  for (const { name, category } of actions) assert.ok(ocsfClassOf(name, category).classUid > 2_000);
});

test("verbOf() reads the last word that is a verb, or the first one where a tool was called", () => {
  const rows = [
    ["role_added_to_usergroup", "grant"],
    ["mcp_slack_read_channel_tool_called", "read"],
    ["pref.allow_calls", "update"],
    ["", "other"],
    ["_".repeat(1 << 20), "other"],
  ] as const;
  for (const [action, verb] of rows) assert.equal(verbOf(action), verb, action.slice(0, 40));
});
