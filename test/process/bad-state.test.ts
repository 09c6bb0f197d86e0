import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { startSetting } from "./setting.ts";

const GOOD = { through: 1_760_000_000, settled: 1_759_999_000, stretch: 300, seen: {} };
const BAD: readonly unknown[] = [
  null,
  { positions: [] },
  { positions: { acme: null } },
  { positions: { acme: [] } },
  { positions: { acme: { ...GOOD, through: 9e15 } } },
  { positions: { acme: { ...GOOD, settled: -7 } } },
  { positions: { acme: { ...GOOD, settled: GOOD.through + 1 } } },
  { positions: { acme: { ...GOOD, through: "now" } } },
  { positions: { acme: { ...GOOD, stretch: 1e15 } } },
  { positions: { acme: { ...GOOD, seen: { 1759999500: 7 } } } },
  { positions: { acme: { ...GOOD, seen: [] } } },
  { positions: { acme: { ...GOOD, organisation: 7 } } },
];

test("run, status and rewind end with 78 when a stored position is damaged, and say the remedy", {
  timeout: 180_000,
}, async () => {
  await using setting = await startSetting();
  await setting.writeConfig();
  await mkdir(setting.stateFolder, { mode: 0o700 });
  const file = path.join(setting.stateFolder, "checkpoints.json");
  const commands = [["run"], ["status"], ["rewind", "--source", "acme", "--to", "1h", "--yes"]];
  for (const [index, data] of BAD.entries()) {
    const text = JSON.stringify(data);
    const whole = `{"schema":1,"checksum":"sha256:${createHash("sha256").update(text).digest("hex")}","data":${text}}`;
    await writeFile(file, whole, { mode: 0o600 });
    // The first fault in every command, each other fault in one.
    for (const args of index === 0 ? commands : [commands[index % 3] ?? []]) {
      const { code, stdout, stderr } = await setting.run(args);
      assert.equal(code, 78, `${args.join(" ")} on ${text}: ${stdout}${stderr}`);
      assert.match(stderr, /Cannot read .*; restore it .* rewind --source NAME --to TIME/);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
    assert.equal(await readFile(file, "utf8"), whole);
  }
});
