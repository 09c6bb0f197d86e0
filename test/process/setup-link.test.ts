import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { makeEntries, nowSeconds, startAt } from "./entries.ts";
import { authorize, begin, comeBack, connect, consent, oauthKeys, REDIRECT_URL, setupPath } from "./oauth-walk.ts";
import { startProgram } from "./program.ts";
import { freePort, startSetting } from "./setting.ts";

const OWN_APP = { redirectUrls: [REDIRECT_URL] };

test("setup-link prints the link beside a running daemon, whose log never has the key", async () => {
  await using setting = await startSetting(OWN_APP);
  const daemon = await setting.daemon({ source: oauthKeys(setting.slack) });
  const needed = await daemon.until("authorization_needed");
  assert.deepEqual([needed.level, needed.command], ["warn", "slack-audit-receiver setup-link --source acme"]);
  assert.ok(daemon.lines.indexOf(needed) > daemon.lines.findIndex(({ event }) => event === "started"));
  for (const args of [["setup-link"], ["setup-link", "--source", "acme"]]) {
    const { code, stdout, stderr } = await setting.run(args);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout, `http://127.0.0.1:1${await setupPath(daemon)}\n`);
  }
  const file = path.join(setting.stateFolder, "setup-acme.key");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const key = (await setting.readState("setup-acme.key")).trim();

  assert.equal((await authorize(daemon)).status, 200);
  const { level, organisation } = await daemon.until("authorized");
  assert.deepEqual([level, organisation], ["warn", setting.slack.organisation]);
  await setting.run(["setup-link"]).then(({ code, stdout }) => {
    assert.deepEqual([code, stdout], [0, "No setup is open: every source is authorized\n"]);
  });
  await assert.rejects(stat(file), { code: "ENOENT" });
  const { stdout, stderr } = await daemon.stop();
  assert.ok(!stdout.includes(key) && !stderr.includes(key));
});

test("setup-link names each source when several wait, and says what to do when it cannot print a link", async () => {
  await using setting = await startSetting(OWN_APP);
  await setting.writeConfig({ source: oauthKeys(setting.slack) });
  const early = await setting.run(["setup-link"]);
  assert.equal(early.code, 78);
  assert.match(
    early.stderr,
    /^Cannot print a setup link: no receiver runs on state folder ".*"; start it, or run: .*\n$/,
  );
  await setting.writeConfig();
  assert.equal((await setting.run(["setup-link"])).code, 64);

  const oauth = setting.source(setting.slack, oauthKeys(setting.slack));
  const sources = { one: oauth, two: oauth, pasted: setting.source() };
  const daemon = await setting.daemon({ sources });
  await setupPath(daemon, "one");
  await setupPath(daemon, "two");
  const { stdout } = await setting.run(["setup-link"]);
  assert.match(stdout, /^one {2}http\S+\/setup\/one\?key=[\w-]{43}\ntwo {2}http\S+\/setup\/two\?key=[\w-]{43}\n$/);
  assert.equal((await setting.run(["setup-link", "--source", "nobody"])).code, 64);
  await daemon.stop();
  assert.equal(await setting.readState("setup-one.key"), "");
  assert.equal((await setting.run(["setup-link"])).code, 78);
});

test("daemon prints no setup link when it cannot listen", async () => {
  await using setting = await startSetting(OWN_APP);
  const other = await setting.daemon({});
  await setting.writeConfig({
    source: oauthKeys(setting.slack),
    state: { directory: path.join(setting.folder, "second") },
    http: { listen: new URL(other.address).host },
  });
  const { code, stdout, stderr } = await setting.run(["run"]);
  assert.equal(code, 78);
  assert.match(stderr, /Cannot listen on 127\.0\.0\.1:\d+: another program uses the port, change http\.listen/);
  assert.doesNotMatch(stdout, /setup/);
});

test("daemon shows the link to a person at a terminal, and never in a pipe", {
  skip: spawnSync("script", ["--version"]).error ? "script is missing" : false,
}, async () => {
  await using setting = await startSetting(OWN_APP);
  const piped = await setting.daemon({ source: oauthKeys(setting.slack) });
  await piped.until("authorization_needed");
  assert.doesNotMatch((await piped.stop()).stdout, /key=/);
  const main = path.resolve(import.meta.dirname, "../../src/main.ts");
  const line = `${process.execPath} ${main} run`;
  const terminal = startProgram([`${line} --config ${setting.folder}/receiver.yaml`, "/dev/null"], {
    cwd: setting.folder,
    command: ["script", "-qec"],
  });
  await terminal.printed("/setup/acme?key=");
  // Ctrl-C: a signal to `script` would leave the daemon behind.
  terminal.type("\x03");
  await terminal.ended;
});

test("authorize stores nothing when the organisation is not confirmed at the terminal", async () => {
  await using setting = await startSetting(OWN_APP);
  await setting.writeConfig({ source: oauthKeys(setting.slack), http: { listen: `127.0.0.1:${await freePort()}` } });
  const program = setting.start(["authorize"]);
  await program.printed("/oauth/v2/authorize");
  const consentPage = /^ {2}(http\S+\/oauth\/v2\/authorize\S+)$/m.exec(program.output().stdout)?.[1] ?? "";
  program.type(`${(await consent(consentPage)).href}\n`);
  await program.printed("right organisation? [y/N]");
  program.type("\n");
  await program.printed("Not authorized: the organisation was declined");
  assert.doesNotMatch(await setting.readState("grants.json"), /ciphertext/);
  assert.ok(setting.slack.requests.some(({ path }) => path === "/api/auth.revoke"));
  program.signal("SIGTERM");
  assert.equal((await program.ended).code, 1);
});

test("a source that was authorized is bound to its organisation until authorize --forget frees it", async () => {
  await using setting = await startSetting(OWN_APP);
  const wrong = await setting.slackToo({ ...OWN_APP, organisation: { id: "E0WRONG", name: "Wrong", domain: "wrong" } });
  const from = nowSeconds() - 60;
  const source = (slack: typeof wrong) => ({
    ...setting.source(slack, { ...oauthKeys(slack), start_at: startAt(from) }),
  });
  const first = await setting.daemon({ sources: { acme: source(wrong) } });
  assert.equal((await authorize(first)).status, 200);
  await first.until("window_delivered");
  const busy = await setting.run(["authorize", "--forget"]);
  assert.equal(busy.code, 75);
  await first.stop();

  const forgotten = await setting.run(["authorize", "--forget"]);
  assert.equal(forgotten.code, 0, forgotten.stderr);
  assert.match(
    forgotten.stdout,
    /The position stays at .*: move it back with .*rewind\nSource "acme" has forgotten the grant of Wrong/,
  );
  assert.ok(wrong.requests.some(({ path }) => path === "/api/auth.revoke"));
  assert.match((await setting.run(["authorize", "--forget"])).stdout, /The position stays/);

  const entries = makeEntries(3, { from: nowSeconds() });
  setting.slack.addMany(entries);
  const second = await setting.daemon({ sources: { acme: source(setting.slack) } });
  assert.equal((await authorize(second)).status, 200);
  await setting.delivered(3);
});

test("a grant needs no confirmation when enterprise_id names the organisation", async () => {
  await using setting = await startSetting(OWN_APP);
  const daemon = await setting.daemon({
    source: { ...oauthKeys(setting.slack), enterprise_id: setting.slack.organisation.id },
  });
  const begun = await begin(daemon.address, await setupPath(daemon));
  const page = await comeBack(daemon.address, await consent(begun.authorizeUrl), begun.cookie);
  assert.equal(await connect(daemon.address, { page, cookie: begun.cookie }), page);
  assert.match(await page.text(), /is connected/);
});

test("health and metrics have their own listener when metrics_listen is set", async () => {
  await using setting = await startSetting();
  const apart = `127.0.0.1:${await freePort()}`;
  const daemon = await setting.daemon({ http: { listen: "127.0.0.1:0", metrics_listen: apart } });
  const status = async (address: string, at: string) => (await fetch(`${address}${at}`)).status;
  for (const at of ["/healthz", "/metrics"]) assert.equal(await status(`http://${apart}`, at), 200, at);
  assert.ok([200, 503].includes(await status(`http://${apart}`, "/readyz")));
  for (const at of ["/", "/status.json", "/setup/acme", "/oauth/callback"]) {
    assert.equal(await status(`http://${apart}`, at), 404, at);
  }
  for (const at of ["/healthz", "/", "/status.json"]) assert.equal(await status(daemon.address, at), 200, at);
  assert.equal(await status(daemon.address, "/metrics"), 404);
  assert.doesNotMatch(await (await daemon.get("/")).text(), /"metrics"/);
  await setting.writeConfig({
    state: { directory: path.join(setting.folder, "b") },
    http: { listen: "127.0.0.1:0", metrics_listen: apart },
  });
  const { code, stderr } = await setting.run(["run"]);
  assert.equal(code, 78);
  assert.match(stderr, /change http\.metrics_listen/);
});

test("a setup key that cannot be written is reported", async () => {
  await using setting = await startSetting(OWN_APP);
  await mkdir(path.join(setting.stateFolder, "setup-acme.key", "in-the-way"), { recursive: true });
  await writeFile(path.join(setting.stateFolder, "setup-acme.key", "in-the-way", "x"), "");
  const daemon = await setting.daemon({ source: oauthKeys(setting.slack) });
  const { why, remedy, target } = await daemon.until("held");
  assert.equal(target, "state");
  assert.match(`${why}; ${remedy}`, /^Cannot write setup key ".*": E\w+; use the user that runs the receiver/);
  assert.equal((await daemon.get("/healthz")).status, 200);
});

test("an organisation's name cannot control the terminal", async () => {
  const name = "Evil\u001b[2J\u009b31m\r\nok     state: fine\u202egnp";
  await using setting = await startSetting({ ...OWN_APP, organisation: { id: "E0EVIL", name, domain: "evil" } });
  const listen = `127.0.0.1:${await freePort()}`;
  const daemon = await setting.daemon({ source: oauthKeys(setting.slack), http: { listen } });
  assert.equal((await authorize(daemon)).status, 200);
  await daemon.until("window_delivered");
  const running = await Promise.all([["status"], ["status", "--json"], ["check"]].map((args) => setting.run(args)));
  const stopped = [await daemon.stop(), await setting.run(["authorize"])];
  const outputs = [...running, ...stopped].map(({ stdout, stderr }) => stdout + stderr);
  for (const output of outputs) {
    assert.match(output, /Evil/);
    assert.doesNotMatch(output, /[^\P{Cc}\n]|\p{Bidi_Control}/u, output);
    assert.doesNotMatch(output, /^ok {5}state: fine/m);
  }
});
