import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { startCollector, testWithCollector } from "./collector.ts";

testWithCollector("only the record that is too large for the Collector is set aside", async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const overlay = { receivers: { otlp: { protocols: { http: { max_request_body_size: 65_536 } } } } };
  await using collector = await startCollector({ backend: sink.url, overlay });
  const from = nowSeconds() - 60;
  const entries = makeEntries(400, { from, stretch: 20 });
  const giant = JSON.stringify({ ...entries[200], id: "giant", details: { text: "long ".repeat(50_000) } });
  slack.addMany([...entries, giant]);
  const daemon = await setting.daemon({ source: { start_at: startAt(from) }, export: { endpoint: collector.url } });

  const { records, why, file } = await daemon.until("records_set_aside");
  assert.equal(records, 1);
  assert.match(String(why), /^The collector answered 400: .*request body too large/);
  assert.equal(JSON.parse(await readFile(String(file), "utf8")).record.body, giant);
  await daemon.until("window_delivered");
  await setting.delivered(400);
  assertEachOnce(sink.records, entries);
  assert.equal((await daemon.status()).sources.acme?.counts.set_aside, 1);
});
