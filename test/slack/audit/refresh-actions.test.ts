import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { merge, write } from "../../../docs/refresh-actions.ts";
import { actions } from "../../../src/slack/audit/actions.ts";

const TABLE = new URL("../../../src/slack/audit/action-table.json", import.meta.url);

test("write() says the table as it stands in its file", () => {
  assert.equal(write(merge(actions, { actions: {} })), readFileSync(TABLE, "utf8"));
});

test("merge() adds what is new, in its group, and keeps all else as it is", () => {
  const answer = { actions: { file: ["file_shared", "file_share_denied"], sonar: ["sonar_pinged"], odd: "x" } };
  const merged = merge(actions, answer);
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

test("merge() adds nothing for an answer that is none", () => {
  for (const answer of [null, [], {}, { actions: [] }, { actions: { user: [1, null, ""] } }]) {
    assert.deepEqual(merge(actions, answer), actions);
  }
});
