import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchOrganisation } from "../../../src/slack/api/organisation.ts";
import { authorizeUrl, exchangeCode } from "../../../src/slack/oauth/oauth.ts";
import { exchangeErrorCodes } from "../../../src/slack/oauth/oauth-problem.ts";
import { consent, REDIRECT_URL, startSetting } from "./oauth-setting.ts";

type Setting = Awaited<ReturnType<typeof startSetting>>;

async function codeOf({ app }: Setting, answer: Record<string, string> = {}): Promise<string> {
  const address = authorizeUrl({ ...app, redirectUri: app.redirectUrl, state: "s" });
  return (await consent(address, answer)).searchParams.get("code") ?? "";
}

/** Replaces or changes Slack's answers to the exchange. */
function onExchange({ slack }: Setting, fault: Awaited<ReturnType<NonNullable<Setting["slack"]["intercept"]>>>): void {
  slack.intercept = ({ path }) => (path === "/api/oauth.v2.access" ? fault : undefined);
}

function change(setting: Setting, members: object): void {
  onExchange(setting, {
    rewrite: (answer) => ({ ...answer, body: JSON.stringify({ ...JSON.parse(answer.body.toString()), ...members }) }),
  });
}

const revocations = ({ slack }: Setting) => slack.requests.filter(({ path }) => path === "/api/auth.revoke").length;

test("authorizeUrl() requests the user scope, and the bot scope that an organisation-wide installation needs", () => {
  const url = new URL(
    authorizeUrl({ slackUrl: "https://slack.com/", clientId: "1.2", redirectUri: REDIRECT_URL, state: "a+b" }),
  );
  assert.equal(url.origin + url.pathname, "https://slack.com/oauth/v2/authorize");
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    client_id: "1.2",
    scope: "team:read",
    user_scope: "auditlogs:read",
    redirect_uri: REDIRECT_URL,
    state: "a+b",
  });
});

test("exchangeCode() returns the user's token, not the bot's", async () => {
  await using setting = await startSetting();
  const exchanged = await exchangeCode(await codeOf(setting), setting, setting.signal);
  assert.ok(exchanged.ok);
  assert.match(exchanged.token, /^xoxp-/);
  assert.deepEqual(exchanged.organisation, {
    id: setting.slack.organisation.id,
    name: setting.slack.organisation.name,
  });
  assert.equal(exchanged.tokens.length, 2);
});

test("exchangeCode() refuses a grant that cannot read an organisation's audit logs, and revokes its tokens", async (t) => {
  const cases: [name: string, members: object, why: RegExp][] = [
    ["a workspace", { is_enterprise_install: false }, /workspace, not on the organisation/],
    ["no organisation", { enterprise: null }, /workspace, not on the organisation/],
    ["a missing scope", { authed_user: { access_token: "xoxp-1", scope: "admin" } }, /lacks the scope auditlogs:read/],
    ["a user without token", { authed_user: { id: "U1" } }, /no user token/],
    ["rotation", { authed_user: { access_token: "xoxe.xoxp-1", expires_in: 43200 } }, /rotates/],
    ["rotation of the bot", { refresh_token: "xoxe-1-a" }, /rotates/],
  ];
  for (const [name, members, why] of cases) {
    await t.test(name, async () => {
      await using setting = await startSetting();
      change(setting, members);
      const exchanged = await exchangeCode(await codeOf(setting), setting, setting.signal);
      assert.ok(!exchanged.ok);
      assert.match(exchanged.why, why);
      assert.ok(revocations(setting) >= 1);
    });
  }
});

test("exchangeCode() refuses an app that rotates its tokens, with a remedy", async () => {
  await using setting = await startSetting({ tokenRotation: true });
  const exchanged = await exchangeCode(await codeOf(setting), setting, setting.signal);
  assert.ok(!exchanged.ok);
  assert.equal(exchanged.remedy, "create the app again from the manifest, without token rotation");
});

test("exchangeCode() refuses an organisation that is not the pinned one, and revokes both tokens", async () => {
  await using setting = await startSetting();
  const app = { ...setting.app, enterpriseId: "E0OTHER" };
  const exchanged = await exchangeCode(await codeOf(setting), { ...setting, app }, setting.signal);
  assert.ok(!exchanged.ok);
  assert.match(exchanged.why, /not of organisation E0OTHER/);
  assert.equal(revocations(setting), 2);
});

test("exchangeCode() explains every documented error code, and shows an unknown one as it is", async () => {
  await using setting = await startSetting();
  for (const code of [...exchangeErrorCodes, "brand_new_code"]) {
    onExchange(setting, { status: 200, body: JSON.stringify({ ok: false, error: code }) });
    const exchanged = await exchangeCode("c", setting, setting.signal);
    assert.ok(!exchanged.ok);
    assert.ok(exchanged.remedy);
    if (code === "brand_new_code") assert.match(exchanged.why, /brand_new_code/);
    else assert.doesNotMatch(exchanged.why, /refused the code:/);
  }
});

test("exchangeCode() explains answers that are not of the API, and never shows a secret", async () => {
  await using setting = await startSetting();
  const faults = [
    { status: 500, body: "<html>oops</html>" },
    { status: 302, headers: { location: "http://evil.example/" }, body: "" },
    { status: 200, body: "<html>proxy</html>" },
    { status: 200, body: JSON.stringify({ ok: false, error: "<script>alert(1)</script>" }) },
    { status: 200, body: JSON.stringify({ ok: false, error: "x".repeat(70_000) }) },
    { status: 200, body: "x".repeat(2 << 20) },
    { status: 200, body: "[]" },
    { reset: true as const },
  ];
  for (const fault of faults) {
    onExchange(setting, fault as Parameters<typeof onExchange>[1]);
    const exchanged = await exchangeCode("the-code", setting, setting.signal);
    assert.ok(!exchanged.ok);
    const text = JSON.stringify(exchanged);
    for (const secret of [setting.app.clientSecret, "the-code", "<script>", "evil"]) assert.ok(!text.includes(secret));
  }
});

test("exchangeCode() says that client_secret is wrong", async () => {
  await using setting = await startSetting();
  const wrong = { ...setting.app, clientSecret: "wrong" };
  const exchanged = await exchangeCode(await codeOf(setting), { ...setting, app: wrong }, setting.signal);
  assert.ok(!exchanged.ok);
  assert.match(exchanged.why, /client_secret/);
});

test("fetchOrganisation() returns the organisation of a token", async () => {
  await using setting = await startSetting();
  const { slack, http, clock, signal } = setting;
  const io = { slackUrl: slack.url, http, clock };
  assert.deepEqual(await fetchOrganisation(slack.token, io, signal), { status: "ok", value: slack.organisation });
  const dead = await fetchOrganisation("xoxp-unknown", io, signal);
  assert.equal(dead.status, "refused");
  slack.intercept = () => ({
    status: 200,
    body: '{"ok":true,"url":"https://a.slack.com/","team":"A","team_id":"T1","enterprise_id":null}',
  });
  assert.equal((await fetchOrganisation(slack.token, io, signal)).status, "refused");
  slack.intercept = () => ({ status: 200, body: '{"ok":true,"team_id":"E1"}' });
  assert.deepEqual(await fetchOrganisation(slack.token, io, signal), { status: "ok", value: { id: "E1" } });
  slack.intercept = () => ({
    status: 429,
    headers: { "retry-after": "7" },
    body: '{"ok":false,"error":"ratelimited"}',
  });
  const limited = await fetchOrganisation(slack.token, io, signal);
  assert.ok(limited.status === "retry" && limited.afterMs === 7_000);
});
