import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEachOnce, assertNoneMissing, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { authorize, begin, comeBack, consent, oauthKeys, REDIRECT_URL, setupPath } from "./oauth-walk.ts";
import { startSetting } from "./setting.ts";

const OWN_APP = { redirectUrls: [REDIRECT_URL] };

test("daemon collects at once when an owner grants, closes the setup, and keeps the grant encrypted over a restart", async () => {
  await using setting = await startSetting(OWN_APP);
  const { slack } = setting;
  const from = nowSeconds() - 60;
  const entries = makeEntries(20, { from, stretch: 60 });
  slack.addMany(entries);
  const first = await setting.daemon({ source: { ...oauthKeys(slack), start_at: startAt(from) } });
  const setup = await setupPath(first);
  assert.equal((await first.status()).sources.acme?.state, "waiting_for_authorization");

  const done = await authorize(first);
  assert.equal(done.status, 200);
  assert.match(await done.text(), new RegExp(`${slack.organisation.name}.*${slack.organisation.id}`, "s"));
  await setting.delivered(20);
  for (const gone of [setup, "/setup/acme", new URL(REDIRECT_URL).pathname]) {
    assert.equal((await first.get(gone)).status, 404, gone);
  }
  assert.doesNotMatch(await setting.readState("grants.json"), /xox/);
  assert.equal((await first.stop()).code, 0);

  const more = makeEntries(1, { from: nowSeconds() });
  slack.addMany(more);
  const second = await setting.daemon();
  await setting.delivered(21);
  assert.equal(second.lines.find(({ event }) => event === "authorization_needed"), undefined);
  assertEachOnce(setting.sink.records, [...entries, ...more]);
});

test("daemon opens the setup again when the token is revoked, and a new grant wakes it where it was", async () => {
  await using setting = await startSetting(OWN_APP);
  const { slack } = setting;
  const given: string[] = [];
  // Slack's answer to the exchange is where a test learns the token that it wants to revoke.
  slack.intercept = ({ path }) =>
    path === "/api/oauth.v2.access"
      ? {
          rewrite(answer) {
            given.push(JSON.parse(answer.body).authed_user.access_token);
            return answer;
          },
        }
      : undefined;
  const source = { ...oauthKeys(slack), poll_interval: "60s" };
  const daemon = await setting.daemon({ source: { ...source, poll_interval: "1s" } });
  assert.equal((await authorize(daemon)).status, 200);
  const before = makeEntries(5, { from: nowSeconds() });
  slack.addMany(before);
  await setting.delivered(5);

  for (const token of given) slack.revoke(token);
  await daemon.until("held");
  const { state, reason, ready } = (await daemon.status()).sources.acme ?? {};
  assert.notEqual(state, "live");
  assert.ok(reason && !ready);
  const after = makeEntries(5, { from: nowSeconds() });
  slack.addMany(after);

  const heldAt = daemon.lines.filter(({ event }) => event === "held").length;
  assert.equal((await authorize(daemon)).status, 200);
  await setting.delivered(10);
  assert.ok(daemon.lines.filter(({ event }) => event === "held").length <= heldAt + 1);
  assertNoneMissing(setting.sink.records, [...before, ...after]);
  assertEachOnce(setting.sink.records, [...before, ...after]);
});

test("daemon stores no token when a flow falls short in any way, and the next right one works", async () => {
  await using setting = await startSetting(OWN_APP);
  const { slack } = setting;
  const oauth = setting.source(slack, oauthKeys(slack));
  const daemon = await setting.daemon({
    sources: {
      acme: oauth,
      pinned: { ...oauth, enterprise_id: "E0SOMEOTHER" },
      mistyped: { ...oauth, client_secret: "not-the-secret" },
    },
  });
  const { address } = daemon;
  const setup = await setupPath(daemon);
  const flow = async (changes?: Record<string, string>, source?: string) => {
    const begun = await begin(address, await setupPath(daemon, source));
    return { ...begun, back: await consent(begun.authorizeUrl, changes) };
  };
  const refused = async (what: string, answer: Response, status = 400) => {
    const page = await answer.text();
    assert.equal(answer.status, status, `${what}: ${page}`);
    assert.doesNotMatch(await setting.readState("grants.json"), /ciphertext/, what);
    assert.doesNotMatch(page, /xox/, what);
    return page;
  };

  await refused("no key", await daemon.get("/setup/acme"), 404);
  await refused("wrong key", await daemon.get("/setup/acme?key=guessed"), 404);
  const key = new URLSearchParams({ key: "guessed" });
  await refused("wrong key in the form", await daemon.get("/setup/acme", { method: "POST", body: key }), 404);

  const used = await flow();
  await refused("no cookie", await comeBack(address, used.back));
  const stranger = await flow();
  await refused("another browser's cookie", await comeBack(address, used.back, stranger.cookie));
  const forged = new URL(used.back);
  forged.searchParams.set("state", "forged");
  await refused("wrong state", await comeBack(address, forged, used.cookie));
  forged.searchParams.delete("state");
  await refused("no state", await comeBack(address, forged, used.cookie));

  const cancelled = await flow({ decision: "cancel" });
  assert.match(await refused("cancelled", await comeBack(address, cancelled.back, cancelled.cookie)), /cancelled/);
  await refused("used state", await comeBack(address, cancelled.back, cancelled.cookie));

  const workspace = await authorize(daemon, { install: "workspace" });
  assert.match(await refused("workspace install", workspace), /upper right/);
  const scope = await authorize(daemon, { user_scope: "users:read" });
  assert.match(await refused("missing scope", scope), /auditlogs:read/);
  const member = await authorize(daemon, { installer: "member" });
  assert.match(await refused("no owner", member), /owner/);
  const other = await authorize(daemon, { source: "pinned" });
  assert.match(await refused("other organisation", other), /E0SOMEOTHER/);
  const secret = await authorize(daemon, { source: "mistyped" });
  assert.match(await refused("wrong secret", secret), /client_secret/);

  assert.equal((await daemon.get(setup)).status, 200, "the link stays good");
  assert.equal((await authorize(daemon)).status, 200);
  assert.match(await setting.readState("grants.json"), /ciphertext/);
});
