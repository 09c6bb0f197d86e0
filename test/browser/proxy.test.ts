import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort, startSetting } from "../process/setting.ts";
import { makeAuthority } from "../runtime/certificates.ts";
import { raw } from "../web/web-setting.ts";
import { noBrowser, openBrowser } from "./chromium.ts";
import { noNginx, startNginx } from "./nginx.ts";
import { goToSlack, printedLink, seesConnected, startUnauthorized } from "./unauthorized.ts";

const NAME = "audit.example.com";

/** The nginx settings for each way to treat the prefix and the host. */
const WAYS: Readonly<Record<string, (port: number) => string>> = {
  "keeps the prefix": (port) =>
    `location /slack-audit/ { proxy_pass http://127.0.0.1:${port}; proxy_set_header Host $host; }`,
  "takes the prefix away": (port) =>
    `location /slack-audit/ { proxy_pass http://127.0.0.1:${port}/; proxy_set_header Host $host; }`,
  "adds the default port to the host": (port) =>
    `location /slack-audit/ { proxy_pass http://127.0.0.1:${port}/; proxy_set_header Host $host:443; }`,
  "asks for the receiver by its address": (port) => `location /slack-audit/ { proxy_pass http://127.0.0.1:${port}; }`,
};

for (const [way, location] of Object.entries(WAYS)) {
  test(`an owner connects a source through nginx with TLS that ${way}`, {
    skip: noBrowser || noNginx,
    timeout: 90_000,
  }, async () => {
    await using setting = await startSetting();
    await makeAuthority(setting.folder);
    const [inside, outside] = [await freePort(), await freePort()];
    const { daemon } = await startUnauthorized(setting, {
      listen: `127.0.0.1:${inside}`,
      redirectUrl: `https://${NAME}/slack-audit/oauth/callback`,
    });
    await using _nginx = await startNginx(setting.folder, {
      port: outside,
      server: `server {
    listen 127.0.0.1:${outside} ssl;
    ssl_certificate ${setting.folder}/server.pem;
    ssl_certificate_key ${setting.folder}/server.key;
    ${location(inside)}
  }`,
    });
    const link = await printedLink(setting, daemon);
    assert.match(link, /^https:\/\/audit\.example\.com\/slack-audit\/setup\/acme\?key=/);
    await using person = await openBrowser({ resolves: `${NAME}:443 127.0.0.1:${outside}` });
    const { page, context } = person;
    // Large cookies, as a corporate single sign-on sets them.
    await context.addCookies(
      [1, 2, 3].map((index) => ({ name: `sso-${index}`, value: "x".repeat(3_000), domain: NAME, path: "/" })),
    );
    await goToSlack(page, link);
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("button", { name: "Connect" }).click();
    await seesConnected(page);
    await page.reload();
    await seesConnected(page);
    await page.goto(link);
    await page.getByRole("link", { name: "see the status" }).click();
    await page.getByText("live", { exact: true }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/slack-audit/");
    await page.getByRole("link", { name: "status.json" }).click();
    assert.equal(new URL(page.url()).pathname, "/slack-audit/status.json");
    assert.deepEqual(
      person.complaints.filter((text) => !text.includes("favicon")),
      [],
    );
  });
}

test("a page names the proxy that replaces the host, and the setting that it needs", { skip: noNginx }, async () => {
  await using setting = await startSetting();
  const [inside, outside] = [await freePort(), await freePort()];
  await startUnauthorized(setting, {
    listen: `127.0.0.1:${inside}`,
    redirectUrl: `https://${NAME}/oauth/callback`,
  });
  await using _nginx = await startNginx(setting.folder, {
    port: outside,
    server: `upstream receiver { server 127.0.0.1:${inside}; }
  server { listen 127.0.0.1:${outside}; location / { proxy_pass http://receiver; } }`,
  });
  for (const path of ["/setup/acme", "/", "/status.json", "/oauth/callback?code=c&state=s"]) {
    const { status, body } = await raw(`http://127.0.0.1:${outside}`, { path, headers: { host: NAME } });
    assert.equal(status, 421, path);
    assert.match(body, /"receiver".*proxy_set_header Host \$host;/);
  }
  const health = await raw(`http://127.0.0.1:${outside}`, { path: "/healthz", headers: { host: NAME } });
  assert.equal(health.status, 200);
});
