import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import tls from "node:tls";
import { listen, readBody } from "../../src/demo/http/listener.ts";
import { startSink } from "../../src/demo/sink/sink.ts";
import { makeAuthority, testWithOpenssl } from "../runtime/certificates.ts";
import { makeEntries, nowSeconds } from "./entries.ts";
import { NODE } from "./program.ts";
import { freePort, type Setting, startSetting } from "./setting.ts";

const reference = (file: string) => `\${file:${file}}`;

/** Mounts a secret as Kubernetes does: the files are links through `..data`, which is swapped. */
async function mountSecret({ folder }: Setting) {
  const mounted = path.join(folder, "secret");
  await mkdir(mounted);
  let version = 0;
  const swap = async (files: Readonly<Record<string, string>>) => {
    const name = `..version-${++version}`;
    await mkdir(path.join(mounted, name));
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(mounted, name, file), text);
    await symlink(name, path.join(mounted, "..data_tmp"));
    await rename(path.join(mounted, "..data_tmp"), path.join(mounted, "..data"));
    for (const file of Object.keys(files)) {
      await symlink(path.join("..data", file), path.join(mounted, file)).catch(() => {});
    }
    if (version > 1) await rm(path.join(mounted, `..version-${version - 1}`), { recursive: true });
  };
  return { swap, file: (name: string) => path.join(mounted, name) };
}

test("daemon uses a renewed token after Slack refused the old one", async () => {
  await using setting = await startSetting();
  const secret = await mountSecret(setting);
  await secret.swap({ token: "xoxp-expired-expired-expired\n" });
  const daemon = await setting.daemon({ source: { token: reference(secret.file("token")) } });
  await daemon.until("held", ({ target }) => target === "slack");
  await secret.swap({ token: `${setting.slack.token}\n` });
  const { changed } = await daemon.until("configuration_reloaded");
  assert.deepEqual(changed, ["sources.acme.token"]);
  // The daemon starts at the time of its first poll: earlier entries are not collected.
  await daemon.until("window_delivered");
  setting.slack.addMany(makeEntries(5, { from: nowSeconds() }));
  await setting.delivered(5);
  const { code, stdout } = await daemon.stop();
  assert.equal(code, 0);
  for (const token of ["xoxp-expired", setting.slack.token]) assert.ok(!stdout.includes(token));
});

test("daemon uses a renewed header after the collector refused the old one", async () => {
  await using setting = await startSetting();
  const secret = await mountSecret(setting);
  await secret.swap({ key: "old-old-old" });
  await using collector = await listen(async (request, response) => {
    await readBody(request);
    response.writeHead(request.headers.authorization === "Bearer new-new-new" ? 200 : 401).end();
  });
  const headers = { authorization: `Bearer ${reference(secret.file("key"))}` };
  const daemon = await setting.daemon({ export: { endpoint: collector.origin, headers } });
  // The daemon starts at the time of its first poll: earlier entries are not collected.
  await daemon.until("window_delivered");
  setting.slack.addMany(makeEntries(5, { from: nowSeconds() }));
  await daemon.until("held", ({ target }) => target === "collector");
  await secret.swap({ key: "new-new-new" });
  const { changed } = await daemon.until("configuration_reloaded");
  assert.deepEqual(changed, ["export.headers"]);
  await daemon.until("resumed", ({ target }) => target === "collector");
  const { code, stdout } = await daemon.stop();
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /old-old-old|new-new-new/);
});

test("daemon reads its secrets at once at SIGHUP, and says what needs a restart", async () => {
  await using setting = await startSetting();
  const secret = await mountSecret(setting);
  await secret.swap({ token: setting.slack.token });
  const changes = { source: { token: reference(secret.file("token")) } };
  const daemon = await setting.daemon(changes);
  await daemon.until("window_delivered");
  daemon.signal("SIGHUP");
  assert.deepEqual((await daemon.until("configuration_reloaded")).changed, []);

  await setting.writeConfig({ ...changes, log: { level: "info" }, shutdown_grace: "3s" });
  daemon.signal("SIGHUP");
  const { changed } = await daemon.until("restart_needed");
  assert.deepEqual(changed, ["log", "shutdown_grace"]);

  await secret.swap({ token: "nonsense" });
  daemon.signal("SIGHUP");
  const { why, level } = await daemon.until("configuration_not_reloaded");
  assert.match(String(why), /^Cannot use sources\.acme\.token: it is not a user token of Slack/);
  assert.equal(level, "warn");
  setting.slack.addMany(makeEntries(5, { from: nowSeconds() }));
  await setting.delivered(5);
  assert.equal((await daemon.stop()).code, 0);
});

test("daemon does not end at SIGHUP or SIGUSR1 early in its start", async () => {
  await using setting = await startSetting();
  await setting.writeConfig();
  const program = setting.start(["run"], { command: ["sh", "-c", 'trap "" HUP USR1; exec "$@"', "sh", ...NODE] });
  await program.printed('"started"');
  program.signal("SIGUSR1");
  program.signal("SIGHUP");
  await program.printed("configuration_reloaded");
  program.signal("SIGTERM");
  const { code, stderr } = await program.ended;
  assert.deepEqual([code, stderr], [0, ""]);
});

testWithOpenssl(
  "daemon serves with a renewed certificate after SIGHUP, and probes accept any certificate name",
  async (t) => {
    await using setting = await startSetting();
    const secret = await mountSecret(setting);
    const folders = ["one", "two"].map((name) => path.join(setting.folder, name));
    const [one, two] = await Promise.all(
      folders.map(async (folder) => {
        await mkdir(folder);
        return (await makeAuthority(folder)).client;
      }),
    );
    t.diagnostic("the certificates name nobody");
    await secret.swap({ cert: one?.cert ?? "", key: one?.key ?? "" });
    const files = { cert_file: secret.file("cert"), key_file: secret.file("key") };
    const port = await freePort();
    const daemon = await setting.daemon({ http: { listen: `127.0.0.1:${port}`, tls: files } });
    const served = async () => {
      const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const probe = async () => {
      const { code, stderr } = await setting.run(["status", "--probe"], {
        env: { HTTPS_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" },
      });
      assert.deepEqual([code, stderr], [0, ""]);
    };
    const first = await served();
    await probe();
    assert.match((await setting.run(["status"])).stdout, /^slack-audit-receiver .*up since/);
    await secret.swap({ cert: two?.cert ?? "", key: two?.key ?? "" });
    await probe();
    daemon.signal("SIGHUP");
    assert.deepEqual((await daemon.until("configuration_reloaded")).changed, ["http.tls"]);
    assert.notEqual(await served(), first);
    await probe();

    // A key that does not belong to its certificate changes nothing.
    await secret.swap({ cert: one?.cert ?? "", key: two?.key ?? "" });
    daemon.signal("SIGHUP");
    const { why } = await daemon.until("configuration_not_reloaded");
    assert.match(String(why), /http\.tls\.key_file: the key does not belong/);
    assert.ok(await served());
  },
);

testWithOpenssl("daemon uses a renewed client certificate and authority for its next attempt", async () => {
  await using setting = await startSetting();
  const secret = await mountSecret(setting);
  const folders = ["one", "two"].map((name) => path.join(setting.folder, name));
  const [old, renewed] = await Promise.all(
    folders.map(async (folder) => {
      await mkdir(folder);
      return makeAuthority(folder);
    }),
  );
  assert.ok(old && renewed);
  await using sink = await startSink({ tls: { ...renewed.server, ca: renewed.ca, requestClientCert: true } });
  await secret.swap({ ca: old.ca, ...old.client });
  const files = { ca_file: secret.file("ca"), cert_file: secret.file("cert"), key_file: secret.file("key") };
  const daemon = await setting.daemon({ export: { endpoint: sink.url, tls: files } });
  // The daemon starts at the time of its first poll: earlier entries are not collected.
  await daemon.until("window_delivered");
  setting.slack.addMany(makeEntries(5, { from: nowSeconds() }));
  await daemon.untilLine(({ event, target }) => (event === "retrying" || event === "held") && target === "collector");
  await secret.swap({ ca: renewed.ca, ...renewed.client });
  await daemon.until("resumed", ({ target }) => target === "collector");
  assert.ok(sink.records.length > 0);
  assert.equal((await daemon.stop()).code, 0);
});
