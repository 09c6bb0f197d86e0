import assert from "node:assert/strict";
import { test } from "node:test";
import type { TextAnswer } from "../../src/demo/http/answer.ts";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { authorize, begin, comeBack, consent, oauthKeys, REDIRECT_URL, setupPath } from "./oauth-walk.ts";
import { startSetting } from "./setting.ts";

const OWN_APP = { redirectUrls: [REDIRECT_URL] };

test("daemon collects at once when an owner grants, closes the setup, and keeps the encrypted grant across a restart", async () => {
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
  assert.equal(
    second.lines.find(({ event }) => event === "authorization_needed"),
    undefined,
  );
  assertEachOnce(setting.sink.records, [...entries, ...more]);
});

test("daemon opens the setup again when the token is revoked, and continues at its position on a new grant", async () => {
  await using setting = await startSetting(OWN_APP);
  const { slack } = setting;
  const from = nowSeconds() - 600;
  const entries = makeEntries(50, { from, stretch: 250 });
  slack.addMany(entries);
  const given: string[] = [];
  let pages = 0;
  slack.intercept = ({ path, query }) => {
    // The answer to the exchange contains the token that this test revokes.
    if (path === "/api/oauth.v2.access") return { rewrite: noteToken };
    if (query.oldest !== undefined && ++pages === 3) for (const token of given) slack.revoke(token);
    return undefined;
  };
  const noteToken = (answer: TextAnswer) => {
    given.push(JSON.parse(answer.body).authed_user.access_token);
    return answer;
  };
  // With this interval the next probe is five minutes away: only the grant can wake the daemon in time.
  const source = { ...oauthKeys(slack), start_at: startAt(from), page_size: 10, poll_interval: "1m" };
  const daemon = await setting.daemon({ source });
  assert.equal((await authorize(daemon)).status, 200);

  const { why, remedy } = await daemon.until("held");
  assert.match(`${why}; ${remedy}`, /does not accept the token; authorize again as an owner/);
  const { state, reason, ready } = (await daemon.status()).sources.acme ?? {};
  assert.deepEqual({ state, ready }, { state: "waiting_for_authorization", ready: false });
  assert.match(reason ?? "", /token/);
  assert.equal(setting.sink.records.length, 20);

  assert.equal((await authorize(daemon)).status, 200);
  await setting.delivered(50);
  assertEachOnce(setting.sink.records, entries);
  assert.equal((await daemon.stop()).code, 0);
});

test("daemon stores no token when a flow fails in any way, and the next correct flow works", async () => {
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
