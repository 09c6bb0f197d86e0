import assert from "node:assert/strict";
import { test } from "node:test";

import { actions, categories, knownActions } from "../../../../src/slack/audit/mapping/actions.ts";
import { categoryOf } from "../../../../src/slack/audit/mapping/category.ts";
import { createSeverity } from "../../../../src/slack/audit/mapping/severity.ts";

test("categoryOf() gives each of the 769 known actions its category in the table", () => {
  const pairs = actions.map(({ name, category }) => [name, category] as const);
  assert.equal(pairs.length, 769);
  assert.equal(new Set(knownActions).size, 769, "no action stands in two groups");
  for (const [action, category] of pairs) assert.equal(categoryOf(action), category, action);
});

test("categoryOf() gives an unknown action the most frequent category of the actions with its prefix", () => {
  const rows = [
    ["user_teleported", "user"],
    ["file_vaporized", "file"],
    ["pref.never_seen_before", "workspace_or_org"],
    ["canvas_turned_upside_down", "canvas"],
    ["native_dlp_rule_painted", "native_dlp"],
    ["legal_hold_policy_sung", "legal_hold"],
  ] as const;
  for (const [action, category] of rows) assert.equal(categoryOf(action), category, action);
});

test("categoryOf() gives other when no known action has a prefix of the action", () => {
  for (const action of ["", "zebra", "zebra_crossed", "_", ".", "User_login", "constructor", "__proto__", "toString"]) {
    assert.equal(categoryOf(action), "other", action);
  }
});

test("categoryOf() gives one of the categories, in short time, for an action of any length", () => {
  for (const action of ["_".repeat(5 << 20), `user_${"x_".repeat(1 << 20)}`]) {
    assert.ok(categories.includes(categoryOf(action)));
  }
  assert.equal(categoryOf(`user_${"x_".repeat(1 << 20)}`), "user");
});

test("createSeverity() gives WARN to anomalies, failures, blocks and malware, and INFO to the rest", () => {
  const severityOf = createSeverity([]);
  const warned = knownActions.filter((action) => severityOf(action) === 13);
  for (const action of ["anomaly", "file_malicious_content_detected", "user_login_failed"]) {
    assert.ok(warned.includes(action), action);
  }
  for (const action of ["user_login", "user_logout", "file_downloaded", "user_created", ""]) {
    assert.equal(severityOf(action), 9, action);
  }
  assert.ok(knownActions.every((action) => [9, 13].includes(severityOf(action))));
  assert.ok(warned.length < knownActions.length / 10, "a warning is the exception");
});

test("createSeverity() gives the same severity each time", () => {
  const severityOf = createSeverity([["user_*", 17]]);
  for (const action of ["user_login", "anomaly", "file_shared"]) assert.equal(severityOf(action), severityOf(action));
});
