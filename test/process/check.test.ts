import assert from "node:assert/strict";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { type Printed, runCommands } from "../commands/terminal.ts";
import { oauthKeys } from "./oauth-walk.ts";
import { freePort, type Setting, startSetting } from "./setting.ts";

const LINE = /^(ok {5}|FAULT {2})[^\p{Cc}]+$/u;

test("check ends with 69 when Slack and the collector cannot be reached and nothing else is wrong", async () => {
  await using setting = await startSetting();
  await Promise.all([setting.slack.pause(), setting.sink.pause()]);
  await setting.writeConfig();
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 69, stdout);
  assertLines(stdout);
  assert.match(stdout, /^FAULT {2}Slack \(acme\): Slack did not answer.*; .+$/m);
  assert.match(stdout, /^FAULT {2}collector: .*; .+$/m);
});

for (const status of [429, 500, 502, 503, 504]) {
  test(`check ends with 69 when the collector answers ${status}`, async () => {
    await using setting = await startSetting();
    setting.sink.intercept = () => ({ status, headers: { "retry-after": "1" } });
    await setting.writeConfig();
    const { code, stdout } = await commands(setting, ["check"]);
    assert.equal(code, 69, stdout);
    assert.match(stdout, new RegExp(`^FAULT {2}collector: .*${status}.*; .+$`, "m"));
  });
}

for (const status of [401, 404, 415]) {
  test(`check ends with 78 when the collector answers ${status}`, async () => {
    await using setting = await startSetting();
    setting.sink.intercept = () => ({ status });
    await setting.writeConfig();
    const { code, stdout } = await commands(setting, ["check"]);
    assert.equal(code, 78, stdout);
    assert.match(stdout, new RegExp(`^FAULT {2}collector: .*${status}.*export\\..+$`, "m"));
  });
}

test("check sends its request encoded and compressed as configured", async () => {
  await using setting = await startSetting();
  await setting.writeConfig({ export: { protocol: "http/json", compression: "zstd" } });
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 0, stdout);
  const requests = setting.sink.requests.map(({ contentType, compression }) => ({ contentType, compression }));
  assert.deepEqual(requests, [{ contentType: "application/json", compression: "zstd" }]);
});

test("check beside a running daemon says who holds the state, asks its port, and names the setup link's command", async () => {
  await using setting = await startSetting();
  const http = { listen: `127.0.0.1:${await freePort()}` };
  const ungranted = setting.source(setting.slack, oauthKeys(setting.slack));
  const daemon = await setting.daemon({ sources: { acme: setting.source(), ungranted }, http });
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 78, stdout);
  assertLines(stdout);
  assert.match(stdout, new RegExp(`^ok {5}state: .* can be written, is in use by process ${daemon.pid} on `, "m"));
  assert.match(stdout, /^ok {5}http\.listen: the running daemon answers on /m);
  assert.match(
    stdout,
    /^FAULT {2}Slack \(ungranted\): not authorized yet; run: slack-audit-receiver setup-link --source ungranted$/m,
  );
  assert.match(stdout, /^ok {5}Slack \(acme\): /m);
  assert.deepEqual(
    // Not `.checkpoints.json.<hex>.tmp`, which the daemon writes at any time.
    (await readdir(setting.stateFolder)).filter((name) => name.startsWith(".check.")),
    [],
  );
});

test("check tries the port of http.listen", async () => {
  await using setting = await startSetting();
  await setting.writeConfig({ http: { listen: new URL(setting.sink.url).host } });
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 78, stdout);
  assert.match(stdout, /^FAULT {2}http\.listen: Cannot listen on .*another program uses the port/m);
});

test("check names what other users of the machine can read or write", async () => {
  await using setting = await startSetting();
  await setting.writeConfig();
  await mkdir(setting.stateFolder);
  await chmod(setting.stateFolder, 0o777);
  await writeFile(path.join(setting.stateFolder, "encryption.key"), `${Buffer.alloc(32, 1).toString("base64")}\n`);
  await chmod(path.join(setting.stateFolder, "encryption.key"), 0o644);
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 78, stdout);
  assert.match(stdout, /^FAULT {2}permissions: .*state \(0777\); run chmod -R go= /m);
  assert.match(stdout, /^FAULT {2}permissions: .*encryption\.key \(0644\); run chmod -R go= /m);
});

test("check prints one line per fault of the configuration", async () => {
  await using setting = await startSetting();
  await setting.writeConfig({ source: { poll_interval: "soon", page_size: 0 }, log: { level: "loud" } });
  const { code, stdout, stderr } = await commands(setting, ["check"]);
  assert.deepEqual({ code, stderr }, { code: 78, stderr: "" });
  assertLines(stdout);
  for (const key of ["poll_interval", "page_size", "log.level"]) {
    assert.match(stdout, new RegExp(`^FAULT {2}configuration: .*${RegExp.escape(key)}`, "m"));
  }
});

test("check names the proxies that requests go through, without their credentials", async () => {
  await using setting = await startSetting();
  await setting.writeConfig();
  const env = { HTTPS_PROXY: "http://somebody:hidden@proxy.example:3128", NO_PROXY: "10.0.0.1" };
  const { code, stdout } = await commands(setting, ["check"], env);
  assert.equal(code, 0, stdout);
  assert.match(
    stdout,
    /^ok {5}proxy: https requests go through proxy\.example:3128, except for loopback and NO_PROXY$/m,
  );
  assert.doesNotMatch(stdout, /hidden|somebody/);
});

test("check says that a refused token of the configuration has to be replaced", async () => {
  await using setting = await startSetting();
  await setting.writeConfig({ source: { token: "xoxp-nobody-has-this" } });
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 78, stdout);
  assert.match(stdout, /^FAULT {2}Slack \(acme\): .*; replace the token of source acme$/m);
});

for (const body of ["<!doctype html><title>Sign in</title>", "{}", '{"entries":{}}', "null", ""]) {
  test(`check does not take ${JSON.stringify(body)} for Slack's answer`, async () => {
    await using setting = await startSetting();
    setting.slack.intercept = () => ({ status: 200, body });
    await setting.writeConfig();
    const { code, stdout } = await commands(setting, ["check"]);
    assert.equal(code, 78, stdout);
    assert.match(stdout, /^FAULT {2}Slack \(acme\): .*no page of entries; .*proxy/m);
  });
}

test("check says by how much this machine's clock is off Slack's", async () => {
  await using setting = await startSetting();
  setting.slack.intercept = () => ({
    rewrite: (answer) => ({ ...answer, headers: { ...answer.headers, date: "Mon, 01 Jan 2018 00:00:00 GMT" } }),
  });
  await setting.writeConfig();
  const { code, stdout } = await commands(setting, ["check"]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok {5}clock \(acme\): warning: this machine's clock is \d+ s ahead of Slack's; /m);
});

/** Runs a command on the setting's configuration, in this process. */
function commands(setting: Setting, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Printed> {
  return runCommands([...args, "--config", path.join(setting.folder, "receiver.yaml")], { env });
}

function assertLines(stdout: string): void {
  for (const line of stdout.trimEnd().split("\n")) assert.match(line, LINE);
}
