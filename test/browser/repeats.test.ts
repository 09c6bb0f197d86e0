import assert from "node:assert/strict";
import { test } from "node:test";
import { type Setting, startSetting } from "../process/setting.ts";
import { openBrowser, type Person, noBrowser as skip } from "./chromium.ts";
import { goToSlack, printedLink, seesConnected, startUnauthorized } from "./unauthorized.ts";

/** A browser and a daemon whose source has no grant. */
interface Scene {
  readonly setting: Setting;
  readonly person: Person;
  readonly link: string;
  readonly redirectUrl: string;
  exchanges(): number;
  grants(): Promise<number>;
}

const options = { skip, timeout: 90_000 };

function inBrowser(body: (scene: Scene) => Promise<void>): () => Promise<void> {
  return async () => {
    await using setting = await startSetting();
    const { daemon, redirectUrl } = await startUnauthorized(setting);
    const link = await printedLink(setting, daemon);
    await using person = await openBrowser();
    await body({
      setting,
      person,
      link,
      redirectUrl,
      exchanges: () => setting.slack.requests.filter(({ path }) => path === "/api/oauth.v2.access").length,
      grants: async () => ((await setting.readState("grants.json")).match(/ciphertext/g) ?? []).length,
    });
    assert.deepEqual(
      daemon.lines.filter(({ event }) => event === "failed"),
      [],
    );
  };
}

const connect = ({ page }: Pick<Person, "page">) => page.getByRole("button", { name: "Connect" });
const allow = ({ page }: Pick<Person, "page">) => page.getByRole("button", { name: "Allow" });

test(
  "double clicks on Slack's button and on ours connect once",
  options,
  inBrowser(async ({ person, link, exchanges, grants }) => {
    await goToSlack(person.page, link);
    await allow(person).dblclick();
    await connect(person).dblclick();
    await seesConnected(person.page);
    assert.deepEqual([exchanges(), await grants()], [1, 1]);
  }),
);

test(
  "a callback that is repeated while the first is in progress gets the same answer",
  options,
  inBrowser(async (scene) => {
    const { person, setting, link, redirectUrl, exchanges } = scene;
    const held = Promise.withResolvers<undefined>();
    const asked = Promise.withResolvers<undefined>();
    setting.slack.intercept = ({ path }) => {
      if (path !== "/api/oauth.v2.access") return undefined;
      asked.resolve(undefined);
      return held.promise;
    };
    await goToSlack(person.page, link);
    const callback = person.page.waitForRequest((request) => request.url().startsWith(redirectUrl));
    await allow(person).click({ noWaitAfter: true });
    const second = await person.context.newPage();
    const url = (await callback).url();
    await asked.promise;
    const again = second.goto(url);
    await second.waitForRequest((request) => request.url() === url).catch(() => {});
    held.resolve(undefined);
    await again;
    await connect({ page: second }).waitFor();
    await connect(person).click();
    await seesConnected(person.page);
    assert.equal(exchanges(), 1);
  }),
);

test(
  "reload, back and forward show only what is true",
  options,
  inBrowser(async ({ person, link, exchanges, grants }) => {
    const { page } = person;
    await goToSlack(page, link);
    await allow(person).click();
    await connect(person).waitFor();
    await page.reload();
    await connect(person).click();
    await seesConnected(page);
    await page.reload();
    await seesConnected(page);
    await page.goBack();
    await page.reload();
    await seesConnected(page);
    await page.goBack();
    await allow(person).click();
    await seesConnected(page);
    await page.goto(link);
    await seesConnected(page);
    assert.deepEqual([exchanges(), await grants()], [1, 1]);
  }),
);

test(
  "a prefetch changes nothing and does not use up the code",
  options,
  inBrowser(async ({ person, link, redirectUrl, exchanges, grants }) => {
    const { page } = person;
    await goToSlack(page, link);
    // The browser discards the prefetched page: Cross-Origin-Resource-Policy hides it from other sites.
    const ahead = page.waitForEvent("requestfailed", (request) => request.url().startsWith(redirectUrl));
    const address = `${redirectUrl}?code=1&state=${new URL(page.url()).searchParams.get("state")}`;
    await page.evaluate(
      `document.head.append(Object.assign(document.createElement("link"), {rel: "prefetch", href: ${JSON.stringify(address)}}))`,
    );
    await ahead;
    for (const headers of [{ purpose: "prefetch" }, { "sec-purpose": "prefetch;prerender" }, { "x-moz": "prefetch" }]) {
      assert.equal((await person.context.request.get(address, { headers })).status(), 503);
    }
    assert.equal((await person.context.request.head(address)).status(), 200);
    assert.deepEqual([exchanges(), await grants()], [0, 0]);
    await allow(person).click();
    await connect(person).click();
    await seesConnected(page);
  }),
);

test(
  "two tabs of one browser both reach the connected source",
  options,
  inBrowser(async ({ person, link, grants }) => {
    const first = { page: person.page };
    const second = { page: await person.context.newPage() };
    await goToSlack(first.page, link);
    await goToSlack(second.page, link);
    await allow(first).click();
    await connect(first).waitFor();
    await allow(second).click();
    await connect(second).click();
    await seesConnected(second.page);
    await connect(first).click();
    await seesConnected(first.page);
    const third = { page: await person.context.newPage() };
    await third.page.goto(link);
    await seesConnected(third.page);
    assert.equal(await grants(), 1);
  }),
);

test(
  "a rejected organisation leaves nothing behind, and the link stays good",
  options,
  inBrowser(async (scene) => {
    const { person, setting, link, grants } = scene;
    const { page } = person;
    await goToSlack(page, link);
    await allow(person).click();
    await page.getByRole("button", { name: "Not this one" }).click();
    await page.getByText("Nothing was stored").waitFor();
    assert.equal(await grants(), 0);
    assert.ok(setting.slack.requests.some(({ path }) => path === "/api/auth.revoke"));
    await page.reload();
    await page.getByText("Nothing was stored").waitFor();

    await goToSlack(page, link);
    await allow(person).click();
    await connect(person).click();
    await seesConnected(page);
    assert.equal(await grants(), 1);
  }),
);

test(
  "another browser learns nothing of a flow",
  options,
  inBrowser(async ({ person, link, redirectUrl, grants }) => {
    const { page } = person;
    await goToSlack(page, link);
    const state = new URL(page.url()).searchParams.get("state");
    await using stranger = await openBrowser();
    await stranger.page.goto(`${redirectUrl}?code=1&state=${state}`);
    await stranger.page.getByText("This browser did not begin this authorization").waitFor();
    assert.equal(await stranger.page.getByText("Nothing was stored").count(), 0);
    await allow(person).click();
    await connect(person).click();
    await seesConnected(page);
    assert.equal((await stranger.page.reload())?.status(), 404);
    assert.equal(await grants(), 1);
  }),
);
