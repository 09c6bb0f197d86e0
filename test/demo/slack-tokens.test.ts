import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type DemoSlack, startSlack } from "../../src/demo/slack/slack.ts";

let slack: DemoSlack;
before(async () => {
  slack = await startSlack();
});
after(() => slack.close());

async function logs(token?: string): Promise<unknown[]> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${slack.auditUrl}/logs?limit=1`, { headers });
  const { error, needed, provided } = (await response.json()) as Record<string, string>;
  return [response.status, error, needed, provided].filter((value) => value !== undefined);
}

async function method(name: string, token?: string): Promise<unknown> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${slack.url}/api/${name}`, { method: "POST", headers })).json();
}

test("logs requires an owner's organisation-wide user token with the scope", async () => {
  assert.deepEqual(await logs(slack.token), [200]);
  assert.deepEqual(await logs(slack.grantToken({ scope: "admin,auditlogs:read" })), [200]);
  assert.deepEqual(await logs(), [401, "missing_authentication"]);
  assert.deepEqual(await logs("xoxp-unknown"), [401, "invalid_authentication"]);
  assert.deepEqual(await logs(slack.grantToken({ org: false })), [403, "team_not_authorized"]);
  assert.deepEqual(await logs(slack.grantToken({ installer: "member" })), [403, "user_not_authorized"]);
  const scopeless = slack.grantToken({ scope: "team:read" });
  assert.deepEqual(await logs(scopeless), [400, "missing_scope", "auditlogs:read", "team:read"]);
});

test("revoke() revokes a token for every method", async () => {
  const token = slack.grantToken();
  assert.deepEqual(await logs(token), [200]);
  slack.revoke(token);
  assert.deepEqual(await logs(token), [401, "invalid_authentication"]);
  assert.deepEqual(await method("auth.test", token), { ok: false, error: "token_revoked" });
});

test("auth.test returns the organisation as the team of an organisation-wide token", async () => {
  assert.deepEqual(await method("auth.test", slack.token), {
    ok: true,
    url: "https://lantern-harbour.enterprise.slack.com/",
    team: "Lantern Harbour",
    user: "org.owner",
    team_id: slack.organisation.id,
    user_id: "U06ORGOWNER",
    enterprise_id: slack.organisation.id,
    is_enterprise_install: true,
  });
  const answer = (await method("auth.test", slack.grantToken({ org: false }))) as Record<string, unknown>;
  assert.equal(answer.is_enterprise_install, false);
  assert.equal(answer.enterprise_id, slack.organisation.id);
  assert.notEqual(answer.team_id, slack.organisation.id);
});

test("auth.test refuses a missing and an unknown token, with status 200", async () => {
  assert.deepEqual(await method("auth.test"), { ok: false, error: "not_authed" });
  assert.deepEqual(await method("auth.test", "xoxp-unknown"), { ok: false, error: "invalid_auth" });
});

test("auth.test accepts GET and returns the scopes in a header", async () => {
  const headers = { authorization: `Bearer ${slack.token}` };
  const response = await fetch(`${slack.url}/api/auth.test`, { headers });
  assert.equal(response.headers.get("x-oauth-scopes"), "auditlogs:read");
  assert.equal(((await response.json()) as { ok: boolean }).ok, true);
});

test("auth.revoke revokes the caller's token, except with test=1", async () => {
  const token = slack.grantToken();
  assert.deepEqual(await method("auth.revoke?test=1", token), { ok: true, revoked: false });
  assert.deepEqual(await method("auth.revoke", token), { ok: true, revoked: true });
  assert.deepEqual(await method("auth.revoke", token), { ok: false, error: "token_revoked" });
});

test("actions and schemas require no token", async () => {
  const { actions } = (await (await fetch(`${slack.auditUrl}/actions`)).json()) as {
    actions: Record<string, string[]>;
  };
  assert.ok(actions.user?.includes("user_login"));
  const { schemas } = (await (await fetch(`${slack.auditUrl}/schemas`)).json()) as { schemas: { type: string }[] };
  assert.ok(schemas.some(({ type }) => type === "workflow_v2"));
});

test("requests contains every request with its query, and whether it had a token", async () => {
  await using fresh = await startSlack({ now: () => 1_000 });
  await fetch(`${fresh.auditUrl}/logs?oldest=1&cursor=a%3D`);
  assert.deepEqual(fresh.requests, [
    { method: "GET", path: "/audit/v1/logs", query: { oldest: "1", cursor: "a=" }, at: 1_000, authorization: false },
  ]);
});
