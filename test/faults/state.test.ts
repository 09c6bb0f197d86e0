import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { assertEachOnce, assertNoneMissing, makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { type Setting, startSetting } from "../process/setting.ts";
import { build } from "./build.ts";

const command = await build();
const timeout = 60_000;

test("daemon leaves state of a newer version unchanged, and ends with 78", { timeout }, async () => {
  await using setting = await startSetting();
  await deliverSome(setting);
  for (const name of ["checkpoints.json", "grants.json"]) {
    const file = path.join(setting.stateFolder, name);
    const before = await readFile(file, "utf8").catch(() => undefined);
    const data = { positions: {}, grants: {}, novelty: true };
    const checksum = `sha256:${createHash("sha256").update(JSON.stringify(data)).digest("hex")}`;
    const newer = JSON.stringify({ schema: 99, checksum, data });
    await writeFile(file, newer);
    const { code, stderr } = await setting.run(["run"], { command });
    assert.equal(code, 78, stderr);
    assert.match(stderr, /a newer version wrote it \(schema 99\); install that version again/);
    assert.equal(await readFile(file, "utf8"), newer);
    if (before !== undefined) await writeFile(file, before);
  }
});

test("daemon keeps the position when another organisation has the same source name", { timeout }, async () => {
  await using setting = await startSetting();
  await deliverSome(setting);
  const saved = await setting.readState("checkpoints.json");
  const other = await setting.slackToo({ organisation: { id: "E0ANOTHER01", name: "Another", domain: "another" } });
  other.addMany(makeEntries(20, { from: nowSeconds() - 60, stretch: 20 }));
  const delivered = setting.sink.records.length;
  await setting.writeConfig({ sources: { acme: setting.source(other, { start_at: startAt(nowSeconds() - 600) }) } });
  const daemon = await setting.daemon(undefined, { command });
  const { why, remedy } = await daemon.until("held");
  assert.match(`${why}; ${remedy}`, /E0ANOTHER01.*its own source name/);
  assert.equal((await daemon.get("/readyz")).status, 503);
  assert.equal((await daemon.stop()).code, 0);
  assert.equal(setting.sink.records.length, delivered);
  assert.equal(await setting.readState("checkpoints.json"), saved);
  assert.ok(!other.requests.some(({ path: asked }) => asked.startsWith("/audit/")), "the other's log was not read");
});

test("daemon continues from the previous generation when the newest is damaged, and loses nothing", {
  timeout,
}, async () => {
  await using setting = await startSetting();
  const entries = await deliverSome(setting);
  const file = path.join(setting.stateFolder, "checkpoints.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.slice(0, text.length / 2));
  const fresh = makeEntries(20, { from: nowSeconds() });
  setting.slack.addMany(fresh);
  const daemon = await setting.daemon(undefined, { command });
  await daemon.until("checkpoint_recovered");
  await setting.delivered(entries.length + fresh.length);
  assertNoneMissing(setting.sink.records, [...entries, ...fresh]);
  assert.equal((await daemon.stop()).code, 0);
});

test("daemon ends with 78 when both generations are damaged, and its remedy repairs them", {
  timeout,
}, async () => {
  await using setting = await startSetting();
  const from = nowSeconds() - 60;
  const entries = await deliverSome(setting);
  const files = ["checkpoints.json", "checkpoints.json.previous"].map((name) => path.join(setting.stateFolder, name));
  for (const file of files) await writeFile(file, "damaged");
  const { code, stderr } = await setting.run(["run"], { command });
  assert.equal(code, 78, stderr);
  for (const file of files) assert.equal(await readFile(file, "utf8"), "damaged");
  const [, said = ""] = /move both away and run: slack-audit-receiver (.+)$/m.exec(stderr) ?? [];
  assert.match(said, /^rewind --source NAME --to TIME$/);

  for (const file of files) await rename(file, `${file}.damaged`);
  const args = said.replace("NAME", "acme").replace("TIME", startAt(from)).split(" ");
  const rewound = await setting.run([...args, "--yes"], { command });
  assert.equal(rewound.code, 0, rewound.stderr);
  const fresh = makeEntries(10, { from: nowSeconds() });
  setting.slack.addMany(fresh);
  const daemon = await setting.daemon(undefined, { command });
  await setting.delivered(entries.length + fresh.length);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assertNoneMissing(setting.sink.records, [...entries, ...fresh]);
  assert.equal(setting.sink.records.length, 2 * entries.length + fresh.length, "all since then came a second time");
  assert.equal((await daemon.stop()).code, 0);
});

test("daemon removes the temporary files of a killed process, and no others", { timeout }, async () => {
  await using setting = await startSetting();
  await mkdir(setting.stateFolder, { mode: 0o700 });
  const stray = [".checkpoints.json.0123456789abcdef.tmp", ".grants.json.fedcba9876543210.tmp"];
  const others = ["notes.txt", ".checkpoints.json.tmp"];
  for (const name of [...stray, ...others]) await writeFile(path.join(setting.stateFolder, name), "half");
  await deliverSome(setting);
  const names = await readdir(setting.stateFolder);
  for (const name of stray) assert.ok(!names.includes(name), name);
  for (const name of others) assert.ok(names.includes(name), name);
});

test("a second daemon names the holder of the folder and ends, until the holder is killed", {
  timeout,
}, async () => {
  await using setting = await startSetting();
  const first = await setting.daemon({}, { command });
  const { code, stderr } = await setting.run(["run"], { command });
  assert.equal(code, 75);
  assert.match(stderr, new RegExp(`process ${first.pid} on \\S+ holds it; stop that one first`));
  assert.equal((await setting.run(["rewind", "--source", "acme", "--to", "1h", "--yes"], { command })).code, 75);
  await first.stop("SIGKILL");
  const second = await setting.daemon(undefined, { command });
  await second.until("window_delivered");
  assert.equal((await second.stop()).code, 0);
});

test("daemon reports that its folder cannot be written, and continues by itself when it can", { timeout }, async () => {
  await using setting = await startSetting();
  const entries = await deliverSome(setting);
  const daemon = await setting.daemon(undefined, { command });
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  const away = `${setting.stateFolder}-away`;
  await rename(setting.stateFolder, away);
  const fresh = makeEntries(20, { from: nowSeconds() });
  setting.slack.addMany(fresh);
  const { why } = await daemon.until("retrying", ({ target }) => target === "state");
  assert.match(String(why), /Cannot write ".*checkpoints\.json": ENOENT/);
  assert.equal((await daemon.get("/readyz")).status, 503);
  assert.match(String((await daemon.status()).sources.acme?.reason), /Cannot write/);

  await rename(away, setting.stateFolder);
  await daemon.until("resumed", ({ target }) => target === "state");
  await setting.delivered(entries.length + fresh.length);
  assertEachOnce(setting.sink.records, [...entries, ...fresh]);
  assert.equal((await daemon.stop()).code, 0);
});

/** Runs the daemon until it has delivered a few entries and saved more than one generation. */
async function deliverSome(setting: Setting) {
  const from = nowSeconds() - 60;
  const entries = makeEntries(30, { from, stretch: 30 });
  setting.slack.addMany(entries);
  const daemon = await setting.daemon({ source: { start_at: startAt(from), page_size: 10 } }, { command });
  await setting.delivered(entries.length);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assert.equal((await daemon.stop()).code, 0);
  assertEachOnce(setting.sink.records, entries);
  return entries;
}
