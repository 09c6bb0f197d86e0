import assert from "node:assert/strict";
import { test } from "node:test";
import type { Authorization } from "../../../src/slack/oauth/authorization.ts";
import { fixedAuthorization } from "../../../src/slack/oauth/fixed-authorization.ts";
import { consent, REDIRECT_URL, startSetting } from "./oauth-setting.ts";

/** Answers Slack's consent page, and returns the callback of the browser. */
async function consentInBrowser(authorization: Authorization, answer: Record<string, string> = {}) {
  const { authorizeUrl, state } = authorization.begin();
  const back = (await consent(authorizeUrl, answer)).searchParams;
  return {
    code: back.get("code") ?? undefined,
    state: back.get("state") ?? undefined,
    error: back.get("error") ?? undefined,
    browserStates: [state],
  };
}

/** Completes a flow, and confirms the organisation if necessary. */
async function connect(authorization: Authorization, { signal }: Setting, answer: Record<string, string> = {}) {
  const callback = await consentInBrowser(authorization, answer);
  const finished = await authorization.finish(callback, signal);
  if (finished.ok || !finished.unconfirmed) return finished;
  return authorization.decide({ ...callback, connect: true }, signal);
}

const keyIn = (link: string) => new URL(link).searchParams.get("key") ?? "";
type Setting = Awaited<ReturnType<typeof startSetting>>;
const exchanges = ({ slack }: Setting) => slack.requests.filter(({ path }) => path === "/api/oauth.v2.access").length;
const revocations = ({ slack }: Setting) => slack.requests.filter(({ path }) => path === "/api/auth.revoke").length;

test("start() opens the setup if no grant is stored, and reports the command that prints the link", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  assert.ok(authorization.needed() && !authorization.link().includes("key"));
  assert.deepEqual(setting.events, []);
  await authorization.start();
  const command = "slack-audit-receiver setup-link --source acme";
  assert.deepEqual(setting.events, [{ event: "authorization_needed", source: "acme", command }]);
  const link = authorization.link();
  assert.equal(setting.keys.get("acme"), keyIn(link));
  assert.match(link, /^https:\/\/audit\.example\.com\/setup\/acme\?key=[\w-]{43}$/);
  assert.ok(authorization.opens(keyIn(link)));
  assert.ok(!authorization.opens("") && !authorization.opens(`${keyIn(link)}x`));
});

test("createAuthorization() uses a stored grant, and has no setup then", async () => {
  await using setting = await startSetting();
  const stored = { token: setting.slack.token };
  const authorization = setting.authorization({ stored });
  assert.ok(!authorization.needed());
  assert.deepEqual(await authorization.grant(setting.signal), stored);
  assert.ok(!authorization.opens("") && !authorization.link().includes("key"));
});

test("createAuthorization() ignores a stored grant of an organisation that is not the pinned one", async () => {
  await using setting = await startSetting();
  const stored = { token: setting.slack.token, organisation: { id: "E1" } };
  assert.ok(setting.authorization({ stored, app: { enterpriseId: "E2" } }).needed());
});

test("finish() proves the grant, saves it, wakes what waits for it, and closes the setup, in this order", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  await authorization.start();
  const key = keyIn(authorization.link());
  const woken = authorization.granted();
  const waiting = authorization.grant(setting.signal);
  assert.deepEqual(await connect(authorization, setting), { ok: true, organisation: setting.slack.organisation });
  const paths = setting.slack.requests.map(({ path }) => path);
  assert.ok(paths.indexOf("/api/oauth.v2.access") < paths.indexOf("/audit/v1/logs"));
  assert.deepEqual(setting.saved, [await waiting]);
  assert.ok(woken.aborted && !authorization.granted().aborted);
  assert.ok(!authorization.needed() && !authorization.opens(key));
  assert.equal(setting.events.at(-1)?.event, "authorized");
  assert.ok(!JSON.stringify(setting.events).includes("xoxp-"));
});

test("finish() requires the state of this browser, and exchanges its code once", async (t) => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const one = await consentInBrowser(authorization);
  const two = await consentInBrowser(authorization);
  const refused = {
    "no state": { ...one, state: undefined },
    "empty state": { ...one, state: "", browserStates: [""] },
    "no cookie": { ...one, browserStates: [] },
    "the cookie of another flow": { ...one, browserStates: two.browserStates },
    "a state that was never made": { ...one, state: "x".repeat(43), browserStates: ["x".repeat(43)] },
    "no code": { ...one, code: undefined },
  };
  for (const [name, callback] of Object.entries(refused)) {
    await t.test(name, async () => assert.ok(!(await authorization.finish(callback, setting.signal)).ok));
  }
  assert.equal(exchanges(setting), 0);
  const both = await Promise.all([one, one].map((callback) => authorization.finish(callback, setting.signal)));
  assert.deepEqual(both[0], both[1], "the second of two clicks gets the result of the first");
  assert.equal(exchanges(setting), 1);
});

test("finish() refuses a state older than ten minutes, and one of an earlier process", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const callback = await consentInBrowser(authorization);
  const restarted = setting.authorization();
  assert.ok(!(await restarted.finish(callback, setting.signal)).ok);
  setting.clock.advance(601_000);
  assert.ok(!(await authorization.finish(callback, setting.signal)).ok);
  assert.equal(exchanges(setting), 0);
});

test("begin() removes the oldest of more than twenty flows", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const states = Array.from({ length: 21 }, () => authorization.begin().state);
  assert.deepEqual(
    states.map((state) => authorization.began(state)),
    states.map((_, index) => index > 0),
  );
});

test("finish() explains known errors only, and reports only those of its own flows", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const cancelled = await consentInBrowser(authorization, { decision: "cancel" });
  const before = setting.events.length;
  const foreign = await authorization.finish({ error: "<script>\r\n\u001b[31m" }, setting.signal);
  assert.ok(!foreign.ok && !JSON.stringify(foreign).includes("script"));
  assert.equal(setting.events.length, before);
  const own = await authorization.finish(cancelled, setting.signal);
  assert.ok(!own.ok && own.why.includes("cancelled"));
  assert.equal(setting.events.at(-1)?.event, "authorization_refused");
  assert.ok(authorization.needed());
});

test("finish() revokes the tokens when the proof or the disk fails", async (t) => {
  const member = { installer: "member" };
  const faults = {
    "not an owner": { answer: member, status: undefined, save: undefined, why: /owner/ },
    "Slack is down": { answer: {}, status: 503, save: undefined, why: /could not be reached to prove the token/ },
    "a full disk": { answer: {}, status: undefined, save: () => Promise.reject(new Error("ENOSPC")), why: /stored/ },
  };
  for (const [name, { answer, status, save, why }] of Object.entries(faults)) {
    await t.test(name, async () => {
      await using setting = await startSetting();
      setting.slack.intercept = ({ path }) => (status && path.startsWith("/audit") ? { status } : undefined);
      const authorization = setting.authorization(save ? { save } : {});
      const finished = await connect(authorization, setting, answer);
      assert.ok(!finished.ok && finished.storedNothing);
      assert.match(finished.why, why);
      assert.ok(finished.remedy);
      assert.deepEqual(setting.saved, []);
      assert.ok(authorization.needed());
      assert.equal(revocations(setting), 2);
      assert.equal(setting.events.at(-1)?.event, "authorization_refused");
    });
  }
});

test("finish() accepts only the organisation that granted first", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization({ stored: { token: "old", organisation: { id: "E0FIRST" } } });
  authorization.reopen("the token was revoked", "old");
  const finished = await authorization.finish(await consentInBrowser(authorization), setting.signal);
  assert.ok(!finished.ok && finished.why.includes("E0FIRST"));
});

test("reopen() makes one new key, and does nothing if the refused token is not in use", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  await authorization.start();
  const first = keyIn(authorization.link());
  await connect(authorization, setting);
  const { token } = await authorization.grant(setting.signal);
  authorization.reopen("refused", "an older token");
  assert.ok(!authorization.needed());
  authorization.reopen("Slack does not accept the token", token);
  const second = keyIn(authorization.link());
  authorization.reopen("again", token);
  assert.ok(authorization.needed() && second !== first && authorization.opens(second) && !authorization.opens(first));
  assert.equal(keyIn(authorization.link()), second);
  assert.equal((await authorization.grant(setting.signal)).token, token);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(setting.events.filter(({ event }) => event === "authorization_needed").length, 2);
});

test("confirm() closes a setup that a refusal opened", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization({ stored: { token: "old", organisation: { id: "E0FIRST" } } });
  authorization.reopen("Slack does not accept the token or this machine's address", "old");
  const key = keyIn(authorization.link());
  authorization.confirm("another");
  assert.ok(authorization.needed());
  authorization.confirm("old");
  assert.ok(!authorization.needed() && !authorization.opens(key));
});

test("grant() rejects when the signal aborts", async () => {
  await using setting = await startSetting();
  const stop = new AbortController();
  const waiting = setting.authorization().grant(stop.signal);
  stop.abort(new Error("stopping"));
  await assert.rejects(waiting, /stopping/);
});

test("finishPasted() accepts the URL at which the browser ended, for a flow of this terminal only", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const browser = (await consent(authorization.begin().authorizeUrl)).href;
  const address = (await consent(authorization.beginHere())).href;
  for (const wrong of [browser, "", "nonsense", address.replace("audit.example.com", "evil.example"), REDIRECT_URL]) {
    assert.ok(!(await authorization.finishPasted(wrong, setting.signal)).ok, wrong);
  }
  assert.ok(!(await authorization.finishPasted(`${address}&state=x`, setting.signal)).ok);
  assert.equal(exchanges(setting), 0);
  const finished = await authorization.finishPasted(` ${address}\n`, setting.signal);
  assert.ok(!finished.ok && finished.unconfirmed);
  assert.deepEqual([finished.unconfirmed.organisation, setting.saved], [setting.slack.organisation, []]);
  const { state } = finished.unconfirmed;
  assert.ok((await authorization.decide({ state, browserStates: [state], connect: true }, setting.signal)).ok);
  assert.equal(setting.saved.length, 1);
});

test("fixedAuthorization() never needs a setup", async () => {
  const authorization = fixedAuthorization(async () => ({ token: "xoxp-1" }));
  const signal = new AbortController().signal;
  authorization.reopen("revoked", "xoxp-1");
  assert.ok(!authorization.needed() && !authorization.opens(""));
  assert.deepEqual(await authorization.grant(signal), { token: "xoxp-1" });
  assert.ok(!(await authorization.finish({ code: "c" }, signal)).ok);
});
