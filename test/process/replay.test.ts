import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { type Printed, runCommands } from "../commands/terminal.ts";
import { type Setting, startSetting } from "./setting.ts";

test("a replay ends with 69 when the collector cannot be reached, and keeps every dead letter", async () => {
  await using setting = await startSetting();
  const folder = path.join(setting.stateFolder, "dead-letters", "acme");
  await mkdir(folder, { recursive: true });
  const record = { hrTime: [1, 0], hrTimeObserved: [1, 0], attributes: {}, body: "x", droppedAttributesCount: 0 };
  const line = JSON.stringify({
    refused_at: "2026-01-01T00:00:00Z",
    why: "no",
    resource: {},
    scope: { name: "s" },
    record,
  });
  await writeFile(path.join(folder, "20260101T000000.000Z-00000000.ndjson"), `${line}\n${line}\n`);
  await setting.writeConfig();
  await setting.sink.pause();
  const { code, stdout } = await commands(setting, ["dead-letters", "replay"]);
  assert.equal(code, 69, stdout);
  assert.match(stdout, /^2 records are left: The collector did not answer.*; try again once the collector answers$/m);
  await setting.sink.resume();
  assert.equal((await commands(setting, ["dead-letters", "replay"])).code, 0);
  assert.equal(setting.sink.records.length, 2);
});

test("damaged dead letters are named, and the others are replayed", async () => {
  await using setting = await startSetting();
  const folder = path.join(setting.stateFolder, "dead-letters", "acme");
  await mkdir(folder, { recursive: true });
  const record = { hrTime: [1, 0], hrTimeObserved: [1, 0], attributes: {}, body: "x", droppedAttributesCount: 0 };
  const why = "no\u001b[31m";
  const line = JSON.stringify({ refused_at: "2026-01-01T00:00:00Z", why, resource: {}, scope: { name: "s" }, record });
  for (const [name, text] of [
    ["1-half", line.slice(0, 40)],
    ["2-null", "null"],
    ["3-empty", ""],
    ["4-good", line],
  ]) {
    await writeFile(path.join(folder, `${name}.ndjson`), `${text}\n`);
  }
  await setting.writeConfig();
  const list = await commands(setting, ["dead-letters"]);
  assert.deepEqual({ code: list.code, stderr: list.stderr }, { code: 78, stderr: "" });
  assert.equal(list.stdout.match(/^unknown time {2}acme {2}cannot be read: the file is damaged/gm)?.length, 3);
  assert.match(list.stdout, /^2026-01-01T00:00:00Z {2}acme {2}1 records {2}no\\u001b\[31m$/m);
  const replay = await commands(setting, ["dead-letters", "replay"]);
  assert.deepEqual({ code: replay.code, stderr: replay.stderr }, { code: 78, stderr: "" });
  assert.match(replay.stdout, /^acme: 1 of 1 accepted/m);
  assert.equal(setting.sink.records.length, 1);
});

/** Runs a command on the setting's configuration, in this process. */
function commands(setting: Setting, args: readonly string[]): Promise<Printed> {
  return runCommands([...args, "--config", path.join(setting.folder, "receiver.yaml")]);
}
