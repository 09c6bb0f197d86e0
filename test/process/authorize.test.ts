import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, comeBack, connect, consent, oauthKeys, REDIRECT_URL } from "./oauth-walk.ts";
import type { Program } from "./program.ts";
import { freePort, type Setting, startSetting } from "./setting.ts";
import { createWatch } from "./watch.ts";

test("authorize ends with a stored grant when an owner has used the printed link", async () => {
  await using setting = await startSetting({ redirectUrls: [REDIRECT_URL] });
  const { printed, program, address } = await startAuthorize(setting);
  const link = new URL(await printed(/^ {2}(http\S+\/setup\/\S+)$/m));
  const begun = await begin(address, link.pathname + link.search);
  const back = await consent(begun.authorizeUrl);
  const page = await comeBack(address, back, begun.cookie);
  assert.equal((await connect(address, { page, cookie: begun.cookie })).status, 200);

  const { code, stdout } = await program.ended;
  assert.equal(code, 0);
  assert.match(stdout, /Authorized for Lantern Harbour/);
  await assertGranted(setting);
});

test("authorize ends with a stored grant when the browser's last address is pasted", async () => {
  await using setting = await startSetting({ redirectUrls: [REDIRECT_URL] });
  const { printed, program } = await startAuthorize(setting);
  const consentPage = await printed(/^ {2}(http\S+\/oauth\/v2\/authorize\S+)$/m);
  program.type("https://elsewhere.example/?code=1&state=2\n");
  await printed(/(Not authorized: .*paste the whole address.*)/);
  program.type(`${(await consent(consentPage)).href}\n`);
  await printed(/(Is Lantern Harbour \(E\w+, [\w-]+\) the right organisation\? \[y\/N\] )/);
  assert.doesNotMatch(await setting.readState("grants.json"), /ciphertext/);
  program.type("y\n");

  assert.equal((await program.ended).code, 0);
  await assertGranted(setting);
});

test("authorize stores nothing when a workspace was chosen, and says what to choose", async () => {
  await using setting = await startSetting({ redirectUrls: [REDIRECT_URL] });
  const { printed, program } = await startAuthorize(setting);
  const consentPage = await printed(/^ {2}(http\S+\/oauth\/v2\/authorize\S+)$/m);
  program.type(`${(await consent(consentPage, { install: "workspace" })).href}\n`);
  await printed(/(Not authorized: .*upper right.*)/);
  program.signal("SIGINT");
  assert.equal((await program.ended).code, 1);
  assert.doesNotMatch(await setting.readState("grants.json"), /ciphertext/);
});

async function startAuthorize(setting: Setting) {
  const port = await freePort();
  await setting.writeConfig({ source: oauthKeys(setting.slack), http: { listen: `127.0.0.1:${port}` } });
  const watch = createWatch();
  const program = setting.start(["authorize"], { onChange: watch.changed });
  const printed = (line: RegExp) =>
    watch.until(
      () => line.exec(program.output().stdout)?.[1],
      () => `for ${line} in ${outputOf(program)}`,
    );
  return { program, printed, address: `http://127.0.0.1:${port}` };
}

/** Asserts that the daemon uses the grant, and that a second `authorize` has nothing to do. */
async function assertGranted(setting: Setting): Promise<void> {
  assert.doesNotMatch(await setting.readState("grants.json"), /xox/);
  const again = await setting.run(["authorize"]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /authorized already, for Lantern Harbour/);
  const daemon = await setting.daemon();
  await daemon.until("window_delivered");
  assert.equal((await daemon.stop()).code, 0);
}

function outputOf(program: Program): string {
  return JSON.stringify(program.output());
}
