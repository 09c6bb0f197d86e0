import assert from "node:assert/strict";
import { test } from "node:test";
import type { Authorization } from "../../src/slack/authorization.ts";
import { fixedAuthorization } from "../../src/slack/fixed-authorization.ts";
import { consent, REDIRECT_URL, startSetting } from "./oauth-setting.ts";

/** Goes through Slack's page; the callback that the browser would bring back. */
async function walk(authorization: Authorization, answer: Record<string, string> = {}) {
  const { authorizeUrl, state } = authorization.begin();
  const back = (await consent(authorizeUrl, answer)).searchParams;
  return {
    code: back.get("code") ?? undefined,
    state: back.get("state") ?? undefined,
    error: back.get("error") ?? undefined,
    browserState: state,
  };
}

const keyIn = (link: string) => new URL(link).searchParams.get("key") ?? "";
type Setting = Awaited<ReturnType<typeof startSetting>>;
const exchanges = ({ slack }: Setting) => slack.requests.filter(({ path }) => path === "/api/oauth.v2.access").length;
const revocations = ({ slack }: Setting) => slack.requests.filter(({ path }) => path === "/api/auth.revoke").length;

test("createAuthorization() opens the setup where no grant is stored, and reports the link", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  assert.ok(authorization.needed());
  const link = authorization.link();
  assert.deepEqual(setting.events, [{ event: "authorization_needed", source: "acme", link }]);
  assert.match(link, /^https:\/\/audit\.example\.com\/setup\/acme\?key=[\w-]{43}$/);
  assert.ok(authorization.opens(keyIn(link)));
  assert.ok(!authorization.opens("") && !authorization.opens(`${keyIn(link)}x`));
});

test("createAuthorization() uses a stored grant and has no setup then", async () => {
  await using setting = await startSetting();
  const stored = { token: setting.slack.token };
  const authorization = setting.authorization({ stored });
  assert.ok(!authorization.needed());
  assert.deepEqual(await authorization.grant(setting.signal), stored);
  assert.ok(!authorization.opens("") && !authorization.link().includes("key"));
});

test("createAuthorization() does not use a stored grant of another organisation than the pinned one", async () => {
  await using setting = await startSetting();
  const stored = { token: setting.slack.token, organisation: { id: "E1" } };
  assert.ok(setting.authorization({ stored, app: { enterpriseId: "E2" } }).needed());
});

test("finish() proves, saves, wakes and closes the setup, in that order", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const key = keyIn(authorization.link());
  const woken = authorization.granted();
  const waiting = authorization.grant(setting.signal);
  const finished = await authorization.finish(await walk(authorization), setting.signal);
  assert.deepEqual(finished, { ok: true, organisation: setting.slack.organisation });
  const paths = setting.slack.requests.map(({ path }) => path);
  assert.ok(paths.indexOf("/api/oauth.v2.access") < paths.indexOf("/audit/v1/logs"));
  assert.deepEqual(setting.saved, [await waiting]);
  assert.ok(woken.aborted && !authorization.granted().aborted);
  assert.ok(!authorization.needed() && !authorization.opens(key));
  assert.equal(setting.events.at(-1)?.event, "authorized");
  assert.ok(!JSON.stringify(setting.events).includes("xoxp-"));
});

test("finish() needs the state of this browser and spends it once", async (t) => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const one = await walk(authorization);
  const two = await walk(authorization);
  const refused = {
    "no state": { ...one, state: undefined },
    "empty state": { ...one, state: "", browserState: "" },
    "no cookie": { ...one, browserState: undefined },
    "the cookie of another flow": { ...one, browserState: two.browserState },
    "a state that was never made": { ...one, state: "x".repeat(43), browserState: "x".repeat(43) },
    "no code": { ...one, code: undefined },
  };
  for (const [name, callback] of Object.entries(refused)) {
    await t.test(name, async () => assert.ok(!(await authorization.finish(callback, setting.signal)).ok));
  }
  assert.equal(exchanges(setting), 0);
  const both = await Promise.all([one, one].map((callback) => authorization.finish(callback, setting.signal)));
  assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
  assert.equal(exchanges(setting), 1);
  assert.equal(setting.saved.length, 1);
});

test("finish() refuses a state older than ten minutes, and one of an earlier process", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const callback = await walk(authorization);
  const restarted = setting.authorization();
  assert.ok(!(await restarted.finish(callback, setting.signal)).ok);
  setting.clock.advance(601_000);
  assert.ok(!(await authorization.finish(callback, setting.signal)).ok);
  assert.equal(exchanges(setting), 0);
});

test("begin() forgets the oldest of more than twenty flows", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const states = Array.from({ length: 21 }, () => authorization.begin().state);
  assert.deepEqual(
    states.map((state) => authorization.began(state)),
    states.map((_, index) => index > 0),
  );
});

test("finish() explains an error by an allow-list and reports only that of a flow of its own", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const cancelled = await walk(authorization, { decision: "cancel" });
  const before = setting.events.length;
  const foreign = await authorization.finish({ error: "<script>\r\n\u001b[31m" }, setting.signal);
  assert.ok(!foreign.ok && !JSON.stringify(foreign).includes("script"));
  assert.equal(setting.events.length, before);
  const own = await authorization.finish(cancelled, setting.signal);
  assert.ok(!own.ok && own.why.includes("cancelled"));
  assert.equal(setting.events.at(-1)?.event, "authorization_refused");
  assert.ok(authorization.needed());
});

test("finish() leaves no token behind when the proof or the disk fails", async (t) => {
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
      const finished = await authorization.finish(await walk(authorization, answer), setting.signal);
      assert.ok(!finished.ok);
      assert.match(finished.why, why);
      assert.ok(finished.remedy);
      assert.deepEqual(setting.saved, []);
      assert.ok(authorization.needed());
      assert.equal(revocations(setting), 2);
      assert.equal(setting.events.at(-1)?.event, "authorization_refused");
    });
  }
});

test("finish() keeps to the organisation that granted first", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization({ stored: { token: "old", organisation: { id: "E0FIRST" } } });
  authorization.reopen("the token was revoked", "old");
  const finished = await authorization.finish(await walk(authorization), setting.signal);
  assert.ok(!finished.ok && finished.why.includes("E0FIRST"));
});

test("reopen() makes a new key once, and spares a newer grant than the refused one", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const first = keyIn(authorization.link());
  await authorization.finish(await walk(authorization), setting.signal);
  const { token } = await authorization.grant(setting.signal);
  authorization.reopen("refused", "an older token");
  assert.ok(!authorization.needed());
  authorization.reopen("Slack does not accept the token", token);
  const second = keyIn(authorization.link());
  authorization.reopen("again", token);
  assert.ok(authorization.needed() && second !== first && authorization.opens(second) && !authorization.opens(first));
  assert.equal(keyIn(authorization.link()), second);
  assert.equal((await authorization.grant(setting.signal)).token, token);
  assert.equal(setting.events.filter(({ event }) => event === "authorization_needed").length, 2);
});

test("confirm() closes a setup that a refusal had opened, once Slack takes the token again", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization({ stored: { token: "old", organisation: { id: "E0FIRST" } } });
  authorization.reopen("Slack does not accept the token or this machine's address", "old");
  const key = keyIn(authorization.link());
  authorization.confirm("another");
  assert.ok(authorization.needed());
  authorization.confirm("old");
  assert.ok(!authorization.needed() && !authorization.opens(key));
});

test("grant() ends with the signal", async () => {
  await using setting = await startSetting();
  const stop = new AbortController();
  const waiting = setting.authorization().grant(stop.signal);
  stop.abort(new Error("stopping"));
  await assert.rejects(waiting, /stopping/);
});

test("finishPasted() takes the address that the browser ended at, for a flow of this terminal", async () => {
  await using setting = await startSetting();
  const authorization = setting.authorization();
  const browser = (await consent(authorization.begin().authorizeUrl)).href;
  const address = (await consent(authorization.beginHere())).href;
  for (const wrong of [browser, "", "nonsense", address.replace("audit.example.com", "evil.example"), REDIRECT_URL]) {
    assert.ok(!(await authorization.finishPasted(wrong, setting.signal)).ok, wrong);
  }
  assert.ok(!(await authorization.finishPasted(`${address}&state=x`, setting.signal)).ok);
  assert.equal(exchanges(setting), 0);
  assert.ok((await authorization.finishPasted(` ${address}\n`, setting.signal)).ok);
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
