import assert from "node:assert/strict";
import { test } from "node:test";
import { consent, startSetting } from "../slack/oauth/oauth-setting.ts";
import { startWeb } from "./web-setting.ts";

const REDIRECT_URL = "http://127.0.0.1:1/oauth/callback";

test("an owner goes from the setup link to a connected source, and the setup closes", async () => {
  await using setting = await startSetting({ redirectUrl: REDIRECT_URL });
  const authorization = setting.authorization();
  await authorization.start();
  const { slack } = setting;
  const setups = [
    {
      ...authorization,
      source: "acme",
      redirectUrl: REDIRECT_URL,
      setupUrl: setting.app.setupUrl,
      slackUrl: slack.url,
    },
  ];
  await using web = await startWeb({ sources: [{ name: "acme", authorized: false }], setups });
  const link = new URL(authorization.link());
  const setupAddress = web.address + link.pathname + link.search;

  const page = await fetch(setupAddress);
  assert.ok((page.headers.get("content-security-policy") ?? "").includes(`form-action 'self' ${slack.url};`));
  const key = /name="key" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  const begun = await fetch(`${web.address}/setup/acme`, {
    method: "POST",
    body: new URLSearchParams({ key }),
    redirect: "manual",
  });
  const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const back = await consent(begun.headers.get("location") ?? "");
  const callback = web.address + back.pathname + back.search;

  const stranger = await fetch(callback);
  assert.equal(stranger.status, 400);
  assert.deepEqual(setting.saved, []);

  const asked = await fetch(callback, { headers: { cookie } });
  assert.equal(asked.status, 200);
  assert.ok((await asked.text()).includes(slack.organisation.id));
  assert.deepEqual(setting.saved, []);
  const done = await fetch(web.address + back.pathname, {
    method: "POST",
    headers: { cookie },
    body: new URLSearchParams({ state: back.searchParams.get("state") ?? "", decision: "connect" }),
  });
  assert.equal(done.status, 200);
  const result = await done.text();
  assert.ok(result.includes(slack.organisation.id) && !result.includes("xoxp-"));
  assert.equal(setting.saved.length, 1);
  for (const gone of [callback, setupAddress]) {
    assert.equal((await fetch(gone)).status, 404);
    const again = await fetch(gone, { headers: { cookie } });
    assert.equal(again.status, 200);
    assert.match(await again.text(), /is connected/);
  }
});

test("a workspace installation is refused with a remedy, and the link stays good", async () => {
  await using setting = await startSetting({ redirectUrl: REDIRECT_URL });
  const authorization = setting.authorization();
  await authorization.start();
  const setups = [
    {
      ...authorization,
      source: "acme",
      redirectUrl: REDIRECT_URL,
      setupUrl: setting.app.setupUrl,
      slackUrl: setting.slack.url,
    },
  ];
  await using web = await startWeb({ setups });
  const { authorizeUrl, state } = authorization.begin();
  const back = await consent(authorizeUrl, { install: "workspace" });
  const headers = { cookie: `slack-audit-acme=${state}` };
  const answer = await fetch(web.address + back.pathname + back.search, { headers });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /upper right/);
  const link = new URL(authorization.link());
  assert.equal((await fetch(web.address + link.pathname + link.search)).status, 200);
  assert.deepEqual(setting.saved, []);
});
