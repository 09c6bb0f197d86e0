import assert from "node:assert/strict";
import { makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { startCollector, testWithCollector } from "./collector.ts";

testWithCollector("a wrong bearer token holds the daemon with a remedy, and the right token delivers", async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const overlay = {
    extensions: { bearertokenauth: { token: "the-right-one" } },
    receivers: { otlp: { protocols: { http: { auth: { authenticator: "bearertokenauth" } } } } },
    service: { extensions: ["file_storage", "bearertokenauth"] },
  };
  await using collector = await startCollector({ backend: sink.url, overlay });
  const from = nowSeconds() - 60;
  slack.addMany(makeEntries(20, { from, stretch: 20 }));
  const configure = (token: string) => ({
    source: { start_at: startAt(from) },
    export: { endpoint: collector.url, headers: { authorization: `Bearer ${token}` } },
  });

  const refused = await setting.daemon(configure("some-other-one"));
  const { why, remedy } = await refused.until("held");
  assert.match(String(why), /^The collector answered 401\b/);
  assert.match(String(remedy), /^correct export\.headers /);
  assert.equal((await refused.status()).sources.acme?.state, "held");
  const { stdout } = await refused.stop();
  assert.ok(!stdout.includes("some-other-one"), "the log holds the token");
  assert.equal(sink.records.length, 0);

  await setting.daemon(configure("the-right-one"));
  await setting.delivered(20);
});
