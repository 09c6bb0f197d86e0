import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseRecords } from "../../src/demo/sink/refuse-records.ts";
import { assertEachOnce, assertNoneMissing, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { oauthKeys, REDIRECT_URL } from "./oauth-walk.ts";
import { freePort, startSetting } from "./setting.ts";

const COMMANDS = ["run", "check", "authorize", "status", "rewind", "dead-letters", "manifest", "demo"];

test("every command explains itself", async () => {
  await using setting = await startSetting();
  const help = (...args: string[]) => setting.run([...args, "--help"]);
  const { code, stdout } = await help();
  assert.equal(code, 0);
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command}\\b`, "m"));
  for (const command of [...COMMANDS.map((name) => [name]), ["dead-letters", "list"], ["dead-letters", "replay"]]) {
    const { code, stdout, stderr } = await help(...command);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(stdout, new RegExp(`^Usage: slack-audit-receiver ${command.join(" ")}\\b`));
  }
  assert.match((await setting.run(["--version"])).stdout, /^\d+\.\d+\.\d+\S*\n$/);
});

test("check ends with 0 when there is no fault, and changes nothing at the collector", async () => {
  await using setting = await startSetting();
  await setting.writeConfig();
  const { code, stdout } = await setting.run(["check"]);
  assert.equal(code, 0, stdout);
  const lines = stdout.trim().split("\n");
  assert.ok(
    lines.every((line) => line.startsWith("ok ")),
    stdout,
  );
  for (const part of ["configuration", "state", "Slack (acme)", "collector"]) {
    assert.ok(
      lines.some((line) => line.includes(` ${part}:`)),
      part,
    );
  }
  assert.deepEqual(setting.sink.records, []);
});

test("check names every fault, each with its remedy, when Slack, the grant and the collector are missing", async () => {
  await using setting = await startSetting();
  await Promise.all([setting.slack.pause(), setting.sink.pause()]);
  const ungranted = setting.source(setting.slack, oauthKeys(setting.slack));
  await setting.writeConfig({ sources: { acme: setting.source(), ungranted } });
  const { code, stdout, stderr } = await setting.run(["check"]);
  assert.equal(code, 78, stdout + stderr);
  assert.match(stdout, /^FAULT {2}Slack \(acme\): Slack did not answer.*ECONNREFUSED.*; .+$/m);
  assert.match(stdout, /^FAULT {2}Slack \(ungranted\): not authorized yet; run: slack-audit-receiver authorize/m);
  assert.match(stdout, /^FAULT {2}collector: .*ECONNREFUSED.*; .+$/m);
});

test("status shows what the daemon knows, and what it stored when it has ended", async () => {
  await using setting = await startSetting();
  const port = await freePort();
  setting.slack.addMany(makeEntries(5, { from: nowSeconds() }));
  const http = { listen: `127.0.0.1:${port}` };
  const daemon = await setting.daemon({ source: { start_at: "1m", poll_interval: "1h" }, http });
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);

  const alive = await setting.run(["status"]);
  assert.equal(alive.code, 0);
  assert.match(alive.stdout, /^acme: live, organisation Lantern Harbour\n {2}delivered through .*\n {2}5 delivered/m);
  const { running, sources } = JSON.parse((await setting.run(["status", "--json"])).stdout);
  assert.deepEqual([running, sources.acme.counts.delivered], [true, 5]);
  assert.deepEqual(await setting.run(["status", "--probe"]), { code: 0, stdout: "", stderr: "" });
  await daemon.stop();

  const left = JSON.parse((await setting.run(["status", "--json"])).stdout);
  assert.deepEqual(left, {
    running: false,
    sources: { acme: { authorized: true, position: startAtOf(sources.acme.position) } },
  });
  assert.match((await setting.run(["status"])).stdout, /^No daemon answers.*\nacme: authorized, delivered through /);
  assert.deepEqual(await setting.run(["status", "--probe"]), { code: 1, stdout: "", stderr: "" });
});

test("rewind moves the position back, and nothing else", async () => {
  await using setting = await startSetting();
  const from = nowSeconds() - 60;
  const entries = makeEntries(10, { from, stretch: 10 });
  setting.slack.addMany(entries);
  const daemon = await setting.daemon({ source: { start_at: startAt(from) } });
  await setting.delivered(10);
  const rewind = (...args: string[]) => setting.run(["rewind", ...args]);

  const held = await rewind("--source", "acme", "--to", startAt(from), "--yes");
  assert.equal(held.code, 75);
  assert.match(held.stderr, /holds it; stop that one first/);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  await daemon.stop();

  const forward = await rewind("--source", "acme", "--to", startAt(nowSeconds() + 3_600), "--yes");
  assert.equal(forward.code, 64);
  assert.match(forward.stderr, /moves back only/);
  const early = await rewind("--source", "acme", "--to", "1969-07-20T20:17:00Z", "--yes");
  assert.equal(early.code, 64);
  assert.match(early.stderr, /before 1970/);
  const unknown = await rewind("--source", "acne", "--to", "1h", "--yes");
  assert.equal(unknown.code, 64);
  assert.match(unknown.stderr, /"acne".*acme/);
  const vague = await rewind("--source", "acme", "--to", "yesterday", "--yes");
  assert.equal(vague.code, 64);
  assert.match(vague.stderr, /RFC 3339/);
  const silent = await rewind("--source", "acme", "--to", startAt(from));
  assert.equal(silent.code, 64);
  assert.match(silent.stderr, /add --yes/);

  const back = await rewind("--source", "acme", "--to", startAt(from + 5), "--yes");
  assert.equal(back.code, 0, back.stderr);
  const again = await setting.daemon();
  await again.until("window_delivered", ({ delivered }) => delivered === 5);
  assertNoneMissing(setting.sink.records, entries);
  assertEachOnce(setting.sink.records.slice(10), entries.slice(5));
});

test("dead letters are listed with their reason, and replayed once the collector accepts them", async () => {
  await using setting = await startSetting();
  const from = nowSeconds() - 60;
  const entries = makeEntries(100, { from, stretch: 50 });
  setting.slack.addMany(entries);
  setting.sink.intercept = refuseRecords(entries.slice(40, 41).map(({ id }) => id));
  const daemon = await setting.daemon({ source: { start_at: startAt(from) } });
  await daemon.until("records_set_aside", ({ records }) => records === 1);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assert.equal(setting.sink.records.length, 99);
  assert.equal((await daemon.status()).sources.acme?.counts.set_aside, 1);
  await daemon.stop();

  const list = await setting.run(["dead-letters"]);
  assert.match(list.stdout, /acme {2}1 records? {2}The collector answered 400/);
  const refused = await setting.run(["dead-letters", "replay"]);
  assert.equal(refused.code, 78);
  assert.match(refused.stdout, /0 of 1 accepted/);

  setting.sink.intercept = undefined;
  const replayed = await setting.run(["dead-letters", "replay", "--source", "acme"]);
  assert.equal(replayed.code, 0, replayed.stderr);
  assertEachOnce(setting.sink.records, entries);
  assert.equal(setting.sink.records.at(-1)?.body, JSON.stringify(entries[40]));
  assert.match((await setting.run(["dead-letters", "list"])).stdout, /No dead letters/);
});

test("manifest prints the app with the configured redirect URL, and the link that creates the app", async () => {
  await using setting = await startSetting();
  await setting.writeConfig({ source: oauthKeys(setting.slack) });
  const { code, stdout } = await setting.run(["manifest", "--source", "acme"]);
  assert.equal(code, 0);
  assert.ok(stdout.includes(REDIRECT_URL));
  assert.match(stdout, /auditlogs:read/);
  assert.match(stdout, /https?:\/\/\S+manifest_yaml=/);
});

/** Formats a position as `start_at` does, so that reports with different precision compare equal. */
function startAtOf(position: string): string {
  return startAt(Date.parse(position) / 1_000);
}
