import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { makeEntries, nowSeconds } from "../process/entries.ts";
import { type Setting, startSetting } from "../process/setting.ts";
import { openBrowser, noBrowser as skip } from "./chromium.ts";
import { printedLink, startUnauthorized } from "./unauthorized.ts";

test("an owner goes from the printed link to a live source with two clicks", { skip, timeout: 90_000 }, async () => {
  await using setting = await startSetting();
  const { daemon, redirectUrl } = await startUnauthorized(setting);
  setting.slack.addMany(makeEntries(12, { from: nowSeconds() - 10, stretch: 10 }));
  const link = await printedLink(setting, daemon);
  await using person = await openBrowser();
  const { page } = person;

  await page.goto(link);
  await page.getByText(redirectUrl, { exact: true }).waitFor();
  await picture(setting, page, "setup");
  await page.getByRole("button", { name: "Authorize" }).click();

  await page.getByRole("heading", { name: setting.slack.organisation.name }).waitFor();
  await page.getByRole("button", { name: "Allow" }).click();

  await page.getByRole("heading", { name: `Is ${setting.slack.organisation.name} the right organisation?` }).waitFor();
  assert.doesNotMatch(await setting.readState("grants.json"), /ciphertext/);
  await picture(setting, page, "confirm");
  await page.getByRole("button", { name: "Connect" }).click();

  await page.getByRole("heading", { name: `${setting.slack.organisation.name} is connected` }).waitFor();
  assert.equal(await page.getByRole("cell", { name: setting.slack.organisation.id }).count(), 1);
  await picture(setting, page, "connected");
  await setting.delivered(12);
  await daemon.until("window_delivered");

  await page.getByRole("link", { name: "status", exact: false }).first().click();
  await page.getByText("live", { exact: true }).waitFor();
  await page.getByText(setting.slack.organisation.name).first().waitFor();
  await picture(setting, page, "live");
  assert.deepEqual(person.complaints, []);

  await page.goto(link);
  await page.getByRole("heading", { name: "is connected" }).waitFor();
  await using stranger = await openBrowser();
  assert.equal((await stranger.page.goto(link))?.status(), 404);
  await picture(setting, stranger.page, "not-found");
});

test("a person who cancels is told what to do, and the link stays good", { skip, timeout: 90_000 }, async () => {
  await using setting = await startSetting();
  const { daemon } = await startUnauthorized(setting);
  const link = await printedLink(setting, daemon);
  await using person = await openBrowser();
  const { page } = person;

  await page.goto(link);
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("cancelled on Slack's page").waitFor();
  await picture(setting, page, "cancelled");
  // The browser itself reports the status 400 of the page.
  assert.deepEqual(
    person.complaints.filter((text) => !text.includes("status of 400")),
    [],
  );

  await page.goto(link);
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("heading", { name: "is connected" }).waitFor();
  await page.goto(daemon.address);
  await page.getByText("live", { exact: true }).waitFor();

  setting.slack.intercept = () => ({ status: 200, body: `{"ok":false,"error":"feature_not_enabled"}` });
  await daemon.until("held");
  await page.reload();
  await page.getByText("held", { exact: true }).waitFor();
  await picture(setting, page, "held");
});

/** Takes screenshots in the light and dark scheme and at phone size. `SCREENSHOTS` is the folder that keeps them. */
async function picture({ folder }: Setting, page: Page, name: string): Promise<void> {
  const take = (kind: string) =>
    page.screenshot({ path: path.join(process.env.SCREENSHOTS || folder, `${name}-${kind}.png`), fullPage: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await take(colorScheme);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 380, height: 800 });
  const overflows = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
  assert.equal(overflows, false, `${name} is wider than a telephone`);
  await take("telephone");
  await page.setViewportSize({ width: 1_000, height: 900 });
}
