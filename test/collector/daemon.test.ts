import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DecodedRecord } from "../../src/demo/sink/decoded.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";
import { nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { listFixtures, readFixture } from "../support/fixtures.ts";
import { mapEntry } from "../support/map-entry.ts";
import { startCollector, testWithCollector } from "./collector.ts";
import { exampleEntries } from "./entries.ts";
import { assertSame, expected, readWritten } from "./written.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const RESOURCE = {
  "service.name": "slack",
  "slack.audit.source": "acme",
  "slack.enterprise.id": DEMO_ORGANISATION.id,
  "slack.enterprise.name": DEMO_ORGANISATION.name,
  "slack.enterprise.domain": DEMO_ORGANISATION.domain,
};

testWithCollector("the daemon's records pass through the recommended Collector unchanged", async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const at = nowSeconds() - 60;
  const texts = [
    ...exampleEntries(at),
    ...listFixtures()
      .map(readFixture)
      .map((text) => withDate(text, at)),
  ];
  for (const text of texts) slack.add(text, { at });
  const overlay = { service: { pipelines: { logs: { exporters: ["otlp_http", "file"] } } } };
  await using collector = await startCollector({ backend: sink.url, overlay });
  const startedAt = BigInt(Date.now()) * 1_000_000n;
  const daemon = await setting.daemon({ source: { start_at: startAt(at - 1) }, export: { endpoint: collector.url } });

  await setting.delivered(texts.length);
  assert.equal((await daemon.stop()).code, 0);
  await collector.stop();

  for (const records of [sink.records, await readWritten(collector.file)]) {
    const found = new Map<string, DecodedRecord>(records.map((record) => [record.uid, record]));
    for (const text of texts) {
      const record = mapEntry(text, { scope: { name: "slack-audit-receiver", version } });
      const { observedTimeUnixNano: _, ...wanted } = expected(record);
      const arrived = found.get(wanted.uid);
      assertSame(arrived, { ...wanted, resource: RESOURCE }, text);
      assert.ok(arrived && arrived.observedTimeUnixNano >= startedAt, text);
    }
    assert.equal(records.length, texts.length);
  }
});

/** Replaces the `date_create` of an entry, if it has one. */
function withDate(text: string, at: number): string {
  return text.replace(/("date_create"\s*:\s*)\d{10}\b/, `$1${at}`);
}
