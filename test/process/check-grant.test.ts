import assert from "node:assert/strict";
import { test } from "node:test";
import { authorize, oauthKeys, REDIRECT_URL } from "./oauth-walk.ts";
import { freePort, startSetting } from "./setting.ts";

test("check tries the stored grant, beside the daemon and without it, and says when it was revoked", async () => {
  await using setting = await startSetting({ redirectUrls: [REDIRECT_URL] });
  const http = { listen: `127.0.0.1:${await freePort()}` };
  const daemon = await setting.daemon({ source: oauthKeys(setting.slack), http });
  const before = await setting.run(["check"]);
  assert.match(before.stdout, /^FAULT {2}Slack \(acme\): not authorized yet; .*setup-link --source acme$/m);
  assert.equal((await authorize(daemon)).status, 200);
  await daemon.until("authorized");
  const beside = await setting.run(["check"]);
  assert.equal(beside.code, 0, beside.stdout);
  assert.match(beside.stdout, /^ok {5}Slack \(acme\): organisation Lantern Harbour may read audit logs$/m);
  await daemon.stop();
  const alone = await setting.run(["check"]);
  assert.equal(alone.code, 0, alone.stdout);
  assert.match(alone.stdout, /^ok {5}http\.listen: .* can be listened on$/m);

  setting.slack.intercept = () => ({ status: 401, body: JSON.stringify({ ok: false, error: "token_revoked" }) });
  const revoked = await setting.run(["check"]);
  assert.equal(revoked.code, 78, revoked.stdout);
  assert.match(revoked.stdout, /^FAULT {2}Slack \(acme\): .*token_revoked.*; authorize again/m);
});
