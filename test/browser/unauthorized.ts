import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Daemon } from "../process/daemon.ts";
import { oauthKeys } from "../process/oauth-walk.ts";
import { freePort, type Setting } from "../process/setting.ts";

/** Starts a daemon without a grant. By default its redirect URL is its own address, without a proxy. */
export async function startUnauthorized(setting: Setting, options: { redirectUrl?: string; listen?: string } = {}) {
  const { slack } = setting;
  const listen = options.listen ?? `127.0.0.1:${await freePort()}`;
  const redirectUrl = options.redirectUrl ?? `http://${listen}/oauth/callback`;
  slack.redirectUrls.push(redirectUrl);
  const keys = { ...oauthKeys(slack), redirect_url: redirectUrl, start_at: "1m" };
  return { daemon: await setting.daemon({ source: keys, http: { listen } }), redirectUrl };
}

/** The setup link, as the command `setup-link` prints it. */
export async function printedLink(setting: Setting, daemon: Daemon): Promise<string> {
  await daemon.until("authorization_needed");
  const { code, stdout, stderr } = await setting.run(["setup-link"]);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

/** Goes from the setup link to Slack's page. */
export async function goToSlack(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByRole("button", { name: "Allow" }).waitFor();
}

/** Waits until the page says that the source is connected. */
export async function seesConnected(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "is connected" }).waitFor();
}
