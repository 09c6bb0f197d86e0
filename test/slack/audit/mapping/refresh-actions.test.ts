import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatTable, mergeActions } from "../../../../docs/generate/refresh-actions.ts";
import { actions } from "../../../../src/slack/audit/mapping/actions.ts";

const TABLE = new URL("../../../../src/slack/audit/mapping/action-table.json", import.meta.url);

test("formatTable() writes the table as its file has it", () => {
  assert.equal(formatTable(mergeActions(actions, { actions: {} })), readFileSync(TABLE, "utf8"));
});

test("mergeActions() adds new actions to their groups and keeps all others", () => {
  const response = { actions: { file: ["file_shared", "file_share_denied"], sonar: ["sonar_pinged"], odd: "x" } };
  const merged = mergeActions(actions, response);
  const added = merged.filter(({ name }) => !actions.some((action) => action.name === name));
  assert.deepEqual(added, [
    { name: "file_share_denied", category: "file", severity: "WARN", description: "File share denied" },
    { name: "sonar_pinged", category: "sonar", severity: "INFO", description: "Sonar pinged" },
  ]);
  assert.deepEqual(
    merged.filter((action) => !added.includes(action)),
    actions,
  );
});

test("mergeActions() adds nothing for an invalid response", () => {
  for (const response of [null, [], {}, { actions: [] }, { actions: { user: [1, null, ""] } }]) {
    assert.deepEqual(mergeActions(actions, response), actions);
  }
});
