import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type DemoSlack, type SlackOptions, startSlack } from "../../src/demo/slack/slack.ts";

const REDIRECT = "https://receiver.example/oauth/callback";
let nowMs = 1_760_000_000_000;
let slack: DemoSlack;

before(async () => {
  slack = await start();
});
after(() => slack.close());

function start(options: SlackOptions = {}): Promise<DemoSlack> {
  return startSlack({ now: () => nowMs, redirectUrls: [REDIRECT], ...options });
}

interface Answer {
  readonly [key: string]: unknown;
  readonly authed_user: Record<string, unknown>;
}

function authorizeParameters(more: Record<string, string> = {}): Record<string, string> {
  return { client_id: slack.clientId, user_scope: "auditlogs:read", redirect_uri: REDIRECT, state: "s&1", ...more };
}

async function decide(decision: string, fields = authorizeParameters(), to = slack): Promise<Response> {
  const body = new URLSearchParams({ ...fields, decision });
  return fetch(`${to.url}/oauth/v2/authorize`, { method: "POST", body, redirect: "manual" });
}

async function getCode(fields = authorizeParameters(), to = slack): Promise<string> {
  const { headers } = await decide("allow", fields, to);
  return new URL(headers.get("location") ?? "").searchParams.get("code") ?? "";
}

async function exchange(
  form: Record<string, string>,
  { id = slack.clientId, secret = slack.clientSecret, at = slack } = {},
) {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  const body = new URLSearchParams({ redirect_uri: REDIRECT, ...form });
  const response = await fetch(`${at.url}/api/oauth.v2.access`, { method: "POST", headers: { authorization }, body });
  assert.equal(response.status, 200);
  return (await response.json()) as Answer;
}

test("authorize shows a page with the scopes and the escaped state, and says that it is not Slack", async () => {
  const query = new URLSearchParams(authorizeParameters({ state: '"><script>' }));
  const response = await fetch(`${slack.url}/oauth/v2/authorize?${query}`);
  const page = await response.text();
  assert.equal(response.status, 200);
  assert.match(page, /not Slack/);
  assert.match(page, /auditlogs:read/);
  assert.match(page, /value="&#34;&#62;&#60;script&#62;"/);
  for (const value of ["organisation", "workspace", "owner", "member", "allow", "cancel"]) {
    assert.match(page, new RegExp(`value="${value}"`));
  }
});

test("authorize redirects with a code and the state", async () => {
  const response = await decide("allow");
  assert.equal(response.status, 303);
  const location = new URL(response.headers.get("location") ?? "");
  assert.equal(location.origin + location.pathname, REDIRECT);
  assert.equal(location.searchParams.get("state"), "s&1");
  assert.ok(location.searchParams.get("code"));
});

test("authorize redirects with access_denied when the person cancels", async () => {
  const location = new URL((await decide("cancel")).headers.get("location") ?? "");
  assert.deepEqual(Object.fromEntries(location.searchParams), { error: "access_denied", state: "s&1" });
});

test("authorize never redirects for an invalid request", async () => {
  const wrong: Record<string, string>[] = [
    { client_id: "1.2" },
    { redirect_uri: "https://elsewhere.example/oauth/callback" },
    { redirect_uri: `${REDIRECT}2` },
    { redirect_uri: `${REDIRECT}#fragment` },
    { redirect_uri: "nonsense" },
    { user_scope: "", scope: "auditlogs:read" },
    { user_scope: "" },
  ];
  for (const fields of wrong) {
    const response = await decide("allow", authorizeParameters(fields));
    assert.equal(response.status, 400, JSON.stringify(fields));
    assert.equal(response.headers.get("location"), null);
  }
});

test("authorize accepts a URL below a registered one, and uses the first registered URL if none is sent", async () => {
  const below = await decide("allow", authorizeParameters({ redirect_uri: `${REDIRECT}/acme` }));
  assert.match(below.headers.get("location") ?? "", /callback\/acme\?code=/);
  const { redirect_uri: _, ...without } = authorizeParameters();
  assert.ok((await decide("allow", without)).headers.get("location")?.startsWith(`${REDIRECT}?`));
});

test("oauth.v2.access returns the token of an organisation", async () => {
  const answer = await exchange({ code: await getCode() });
  const { access_token: token, ...user } = answer.authed_user;
  assert.match(String(token), /^xoxp-/);
  assert.deepEqual(user, { id: "U06ORGOWNER", scope: "auditlogs:read", token_type: "user" });
  assert.deepEqual(
    { ...answer, authed_user: null },
    {
      ok: true,
      app_id: "A06AUDITAPP",
      authed_user: null,
      team: null,
      enterprise: { id: slack.organisation.id, name: slack.organisation.name },
      is_enterprise_install: true,
    },
  );
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${slack.auditUrl}/logs`, { headers })).status, 200);
});

test("oauth.v2.access returns a bot token at the top level if a bot scope was requested", async () => {
  const answer = await exchange({ code: await getCode(authorizeParameters({ scope: "team:read" })) });
  assert.match(String(answer.access_token), /^xoxb-/);
  assert.equal(answer.token_type, "bot");
  assert.equal(answer.scope, "team:read");
  assert.match(String(answer.authed_user.access_token), /^xoxp-/);
  const headers = { authorization: `Bearer ${answer.access_token}` };
  const refused = await fetch(`${slack.auditUrl}/logs`, { headers });
  assert.deepEqual(await refused.json(), { ok: false, error: "not_allowed_token_type" });
});

test("oauth.v2.access returns a token that cannot read logs if one workspace or a member allowed it", async () => {
  const refusal = async (choice: Record<string, string>) => {
    const { authed_user: user, ...answer } = await exchange({ code: await getCode(authorizeParameters(choice)) });
    const headers = { authorization: `Bearer ${user.access_token}` };
    const { error } = (await (await fetch(`${slack.auditUrl}/logs`, { headers })).json()) as { error: string };
    return { org: answer.is_enterprise_install, team: answer.team !== null, error };
  };
  assert.deepEqual(await refusal({ install: "workspace" }), { org: false, team: true, error: "team_not_authorized" });
  assert.deepEqual(await refusal({ installer: "member" }), { org: true, team: false, error: "user_not_authorized" });
});

test("oauth.v2.access accepts a code once, within ten minutes", async () => {
  const used = await getCode();
  assert.equal((await exchange({ code: used })).ok, true);
  assert.deepEqual(await exchange({ code: used }), { ok: false, error: "invalid_code" });
  const stale = await getCode();
  nowMs += 600_000;
  assert.deepEqual(await exchange({ code: stale }), { ok: false, error: "invalid_code" });
  assert.deepEqual(await exchange({ code: "" }), { ok: false, error: "invalid_code" });
});

test("oauth.v2.access refuses another client, secret or redirect URL", async () => {
  const code = await getCode();
  assert.deepEqual(await exchange({ code }, { id: "1.2" }), { ok: false, error: "invalid_client_id" });
  assert.deepEqual(await exchange({ code }, { secret: "guess" }), { ok: false, error: "bad_client_secret" });
  const other = { ok: false, error: "bad_redirect_uri" };
  assert.deepEqual(await exchange({ code, redirect_uri: `${REDIRECT}/other` }), other);
  assert.deepEqual(await exchange({ code: await getCode(), redirect_uri: "" }), other);
});

test("oauth.v2.access accepts the client in form fields", async () => {
  const { clientId, clientSecret } = slack;
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: REDIRECT,
    code: await getCode(),
  });
  const answer = await fetch(`${slack.url}/api/oauth.v2.access`, { method: "POST", body });
  assert.equal(((await answer.json()) as Answer).ok, true);
});

test("oauth.v2.access returns tokens that expire if tokens rotate", async () => {
  await using rotating = await start({ tokenRotation: true, clientSecret: slack.clientSecret });
  const { authed_user: user } = await exchange(
    { code: await getCode(authorizeParameters(), rotating) },
    { at: rotating },
  );
  assert.match(String(user.access_token), /^xoxe\.xoxp-/);
  assert.match(String(user.refresh_token), /^xoxe-1-/);
  assert.equal(user.expires_in, 43_200);
  const headers = { authorization: `Bearer ${user.access_token}` };
  assert.equal((await fetch(`${rotating.auditUrl}/logs`, { headers })).status, 200);
  nowMs += 43_200_000;
  assert.equal((await fetch(`${rotating.auditUrl}/logs`, { headers })).status, 401);
});
