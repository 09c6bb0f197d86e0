import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeSetup, KEY, raw, startWeb } from "./web-setting.ts";

const form = (key: string) => ({ method: "POST", body: new URLSearchParams({ key }), redirect: "manual" as const });

test("the setup page shows the redirect URL and lets the form go to Slack", async () => {
  const setup = fakeSetup({ manifestLink: "https://api.slack.com/apps?new_app=1&manifest_yaml=a%22b" });
  await using web = await startWeb({ setups: [setup] });
  const answer = await fetch(`${web.address}/setup/acme?key=${KEY}`);
  assert.equal(answer.status, 200);
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.ok(policy.includes("form-action 'self' https://slack.com https://*.slack.com;"), policy);
  const page = await answer.text();
  assert.ok(page.includes(setup.redirectUrl) && page.includes("manifest_yaml=a%22b"));
  assert.ok(page.includes(`name="key" value="${KEY}"`));
});

test("there is no setup for an authorized source, without the key, or for another source", async () => {
  let needed = true;
  await using web = await startWeb({ setups: [fakeSetup({ needed: () => needed })] });
  const status = async (path: string, init?: RequestInit) => (await fetch(web.address + path, init)).status;
  assert.equal(await status("/setup/acme"), 404);
  assert.equal(await status("/setup/acme?key=wrong"), 404);
  assert.equal(await status(`/setup/other?key=${KEY}`), 404);
  assert.equal(await status("/setup/acme", form("wrong")), 404);
  assert.equal(await status("/setup/acme", form("x".repeat(10_000))), 413);
  const broken = { method: "POST", body: "--", headers: { "content-type": "multipart/form-data; boundary=x" } };
  assert.equal(await status("/setup/acme", broken), 400);
  assert.deepEqual(web.events, []);
  assert.equal(await status(`/setup/acme?key=${KEY}`), 200);
  needed = false;
  assert.equal(await status(`/setup/acme?key=${KEY}`), 404);
  assert.equal(await status("/setup/acme", form(KEY)), 404);
  assert.equal(await status("/oauth/callback?code=c&state=state-1"), 404);
});

test("the button binds the flow to the browser and leads to Slack", async () => {
  const cases = [
    ["http://127.0.0.1:1/oauth/callback", "slack-audit-acme=state-1; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax"],
    [
      "https://audit.example.com/oauth/callback",
      "__Host-slack-audit-acme=state-1; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax",
    ],
  ] as const;
  for (const [redirectUrl, cookie] of cases) {
    await using web = await startWeb({ setups: [fakeSetup({ redirectUrl })] });
    const answer = await fetch(`${web.address}/setup/acme`, form(KEY));
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "https://slack.com/oauth/v2/authorize?state=state-1");
    assert.equal(answer.headers.get("set-cookie"), cookie);
  }
});

test("the callback passes on its parameters, and shows the connected organisation", async () => {
  const organisation = { id: "E1", name: "<b>Acme</b>", domain: "acme" };
  const setup = fakeSetup({ result: { ok: true, organisation } });
  await using web = await startWeb({ setups: [setup] });
  const headers = { cookie: "slack-audit-acme=state-1; other=x" };
  const answer = await fetch(`${web.address}/oauth/callback?code=the-code&state=state-1`, { headers });
  assert.equal(answer.status, 200);
  assert.deepEqual(setup.finished, [
    { code: "the-code", state: "state-1", error: undefined, browserStates: ["state-1"] },
  ]);
  const page = await answer.text();
  assert.ok(page.includes("&lt;b&gt;Acme&lt;/b&gt;") && !page.includes("<b>Acme"));
  assert.ok(!page.includes("the-code") && !page.includes("state-1"));
});

test("the callback says what is wrong, and repeats nothing from the address", async () => {
  const setup = fakeSetup({ result: { ok: false, why: "it <failed>", remedy: "do that" } });
  await using web = await startWeb({ setups: [setup] });
  const hostile = encodeURIComponent("<script>alert(1)</script>\r\nset-cookie: a=b\u001b[31m");
  const answer = await fetch(`${web.address}/oauth/callback?error=${hostile}&error_description=${hostile}`);
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get("set-cookie"), null);
  const page = await answer.text();
  assert.ok(page.includes("It &lt;failed&gt;") && page.includes("Do that"));
  assert.ok(!page.includes("script"));
  assert.ok(!JSON.stringify(web.events).includes("script"));
});

test("repeated and very long parameters are refused before the code is exchanged", async () => {
  const setup = fakeSetup();
  await using web = await startWeb({ setups: [setup] });
  const queries = [
    "state=state-1&state=state-2&code=c",
    "state=state-1&code=c&code=d",
    `state=${"x".repeat(2_000)}&code=c`,
    `state=state-1&code=${"x".repeat(2_000)}`,
    `error=${"x".repeat(2_000)}`,
  ];
  for (const query of queries) assert.equal((await fetch(`${web.address}/oauth/callback?${query}`)).status, 400);
  assert.equal((await fetch(`${web.address}/oauth/callback?state=${"x".repeat(1 << 20)}`)).status, 431);
  assert.deepEqual(setup.finished, []);
});

test("guesses are limited to ten a minute, and do not lock out a browser that began a flow", async () => {
  await using web = await startWeb({ setups: [fakeSetup({ result: { ok: false, why: "w", remedy: "r" } })] });
  const guess = async (state: string) => (await fetch(`${web.address}/oauth/callback?code=c&state=${state}`)).status;
  for (let tries = 0; tries < 10; tries++) assert.equal(await guess(`guess-${tries}`), 400);
  assert.equal(await guess("guess"), 429);
  assert.equal(await guess("state-1"), 400);
  web.clock.advance(60_000);
  assert.equal(await guess("guess"), 400);
});

test("a request with another server's name gets no setup", async () => {
  const setup = fakeSetup({ redirectUrl: "https://audit.example.com/oauth/callback" });
  await using web = await startWeb({ setups: [setup] });
  const { host, port } = new URL(web.address);
  const paths = [`/setup/acme?key=${KEY}`, "/oauth/callback?code=c&state=state-1"];
  for (const path of paths) {
    for (const own of [host, `localhost:${port}`, `LOCALHOST:${port}`, "audit.example.com"]) {
      assert.equal((await raw(web.address, { path, headers: { host: own } })).status, 200, own);
    }
    for (const other of ["evil.example", `evil.example:${port}`, "audit.example.com.evil.example", "localhost:1"]) {
      const headers = { host: other, "x-forwarded-host": "audit.example.com", "x-forwarded-proto": "https" };
      assert.equal((await raw(web.address, { path, headers })).status, 421, other);
    }
  }
});

test("sources that share a redirect URL are distinguished by the state", async () => {
  const one = fakeSetup({ source: "one", began: (state) => state === "state-of-one" });
  const two = fakeSetup({ source: "two", began: (state) => state === "state-of-two" });
  await using web = await startWeb({ setups: [one, two] });
  const headers = { cookie: "slack-audit-one=a; slack-audit-two=b" };
  await fetch(`${web.address}/oauth/callback?code=c&state=state-of-two`, { headers });
  assert.deepEqual(one.finished, []);
  assert.deepEqual(two.finished, [{ code: "c", state: "state-of-two", error: undefined, browserStates: ["b"] }]);
});

test("an internal error is reported without the query, and shown without detail", async () => {
  const setup = fakeSetup({ finish: () => Promise.reject(new Error("the disk is gone")) });
  await using web = await startWeb({ setups: [setup] });
  const answer = await fetch(`${web.address}/oauth/callback?code=secret&state=state-1`);
  assert.deepEqual([answer.status, await answer.text()], [500, "Internal error\n"]);
  const why = "Cannot answer GET /oauth/callback: the disk is gone";
  assert.deepEqual(web.events, [{ event: "failed", why }]);
});
