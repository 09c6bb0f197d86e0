import assert from "node:assert/strict";
import { test } from "node:test";
import { categoryOf } from "../../../../src/slack/audit/mapping/category.ts";

test("categoryOf() gives an action without a known prefix the category of the actions with its suffix", () => {
  const rows = [
    ["zebra_tool_called", "workspace_or_org"],
    ["zebra_added_to_usergroup", "subteam"],
    ["zebra_dm_invite_accepted", "other"],
    ["zebra_created", "other"],
  ] as const;
  for (const [action, category] of rows) assert.equal(categoryOf(action), category, action);
});
