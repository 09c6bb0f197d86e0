import assert from "node:assert/strict";
import { test } from "node:test";
import { makeEntries, nowSeconds, startAt } from "./entries.ts";
import { startSetting } from "./setting.ts";

test("daemon holds a source whose token is insufficient, says what to do, and serves the others", async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const from = nowSeconds() - 60;
  slack.addMany(makeEntries(10, { from, stretch: 10 }));
  const start_at = startAt(from);
  const member = slack.grantToken({ installer: "member" });
  const workspace = slack.grantToken({ org: false });
  const scope = slack.grantToken({ scope: "users:read" });
  const daemon = await setting.daemon({
    sources: {
      good: setting.source(slack, { start_at }),
      member: setting.source(slack, { token: member, start_at }),
      workspace: setting.source(slack, { token: workspace, start_at }),
      scope: setting.source(slack, { token: scope, start_at }),
      pinned: setting.source(slack, { enterprise_id: "E0SOMEOTHER", start_at }),
    },
  });

  const remedies: Readonly<Record<string, RegExp>> = {
    member: /not an owner.*owner of the organisation/,
    workspace: /workspace.*organisation/,
    scope: /auditlogs:read.*add the user scope/,
    pinned: /E0SOMEOTHER.*enterprise_id/,
  };
  for (const [name, remedy] of Object.entries(remedies)) {
    const { level, why, remedy: said } = await daemon.until("held", ({ source }) => source === name);
    assert.equal(level, "error");
    assert.match(`${why}; ${said}`, remedy);
  }
  await setting.delivered(10);
  await daemon.until("window_delivered", ({ source }) => source === "good");
  const { sources, ready } = await daemon.status();
  assert.equal(ready, false);
  for (const name of Object.keys(remedies)) {
    assert.equal(sources[name]?.state, "held", name);
    assert.match(`${sources[name]?.reason}; ${sources[name]?.remedy}`, remedies[name] ?? /never/);
  }
  assert.equal(sources.good?.state, "live");
  assert.equal((await daemon.get("/readyz")).status, 503);
  assert.ok(sink.records.every(({ resource }) => resource["slack.audit.source"] === "good"));
});

test("daemon delivers entries whose members are missing, null, empty or surprising", async () => {
  await using setting = await startSetting();
  const at = nowSeconds() - 60;
  const texts = ODD.map((odd, index) => odd.replaceAll("@", String(at)).replaceAll("#", `odd-${index}`));
  for (const text of texts) setting.slack.add(text, { at });
  const daemon = await setting.daemon({ source: { start_at: startAt(at - 10), page_size: 5 } });

  await setting.delivered(texts.length);
  const bodies = setting.sink.records.map(({ body }) => body);
  assert.deepEqual(bodies.toSorted(), texts.toSorted());
  await daemon.until("window_delivered");
  assert.equal((await daemon.get("/readyz")).status, 200);
});

/** `@` stands for a second in the window, `#` for a unique id. */
const ODD = [
  `{"id":"#","date_create":@}`,
  `{"id":"#","date_create":123,"action":"user_login"}`,
  `{"id":"#","date_create":@,"action":null,"actor":null,"entity":null,"context":null,"details":null}`,
  `{"id":"#","date_create":@,"action":"","actor":{},"entity":{},"context":{},"details":{}}`,
  `{"id":"#","date_create":@,"action":7,"actor":"x","entity":["x"],"context":9,"details":[1,[2,{"three":3}]]}`,
  `{"date_create":@,"action":"user_login"}`,
  `{"id":null,"date_create":@,"action":"user_login"}`,
  `{"id":"","date_create":@,"action":"user_login"}`,
  `{"id":17,"date_create":@,"action":"user_login"}`,
  `{"id":"#","action":"user_login"}`,
  `{"id":"#","date_create":null,"action":"user_login"}`,
  `{"id":"#","date_create":"@","action":"user_login"}`,
  `{"id":"#","date_create":"yesterday","action":"user_login"}`,
  `{"id":"#","date_create":@.75,"action":"user_login"}`,
  `{"id":"#","date_create":@000,"action":"user_login"}`,
  `{"id":"#","date_create":-1,"action":"user_login"}`,
  `{"id":"#","date_create":1e400,"action":"user_login"}`,
  `{"id":"#","date_create":@,"action":"user_login","context":{"session_id":98765432109876543210,"ip_address":"1.23.45.678"}}`,
  `{"id":"#","date_create":@,"action":"\\ud800 lone","details":{"__proto__":{"polluted":1},"":"","a":"\\u0000"}}`,
  `{"id":"#","date_create":@,"action":"user_login","action":"twice","details":{"new_value":{"a":[null]},"reason":"one"}}`,
  `{ "id" : "#",\n  "date_create" : @, "action" : "user_login", "details" : { "brackets" : "]}\\"[{" } }`,
  `"an entry that is a text"`,
  `null`,
  `42`,
  `[]`,
  `{}`,
];
