import assert from "node:assert/strict";
import { suite } from "node:test";
import { assertNoneMissing, makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { startCollector, testWithCollector } from "./collector.ts";

const OUTAGE_SECONDS = 20;
const RESTART_AFTER_SECONDS = 10;
const ENTRIES_PER_SECOND = 20;

/** Shorter than recommended, so that the Collector notices the end of the outage soon. */
const QUICK_RETRIES = { initial_interval: "500ms", max_interval: "2s" };
const IN_MEMORY = { sending_queue: { storage: null } };

interface Outage {
  readonly queue: "disk" | "memory";
  readonly signal: "SIGTERM" | "SIGKILL";
}

/**
 * Takes the backend down and restarts the Collector during the outage. Entries appear before, during and after the outage.
 * Resolves once the backend has received all records that can still arrive.
 */
async function runOutage({ queue, signal }: Outage) {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const overlay = {
    exporters: { otlp_http: { retry_on_failure: QUICK_RETRIES, ...(queue === "memory" && IN_MEMORY) } },
  };
  await using collector = await startCollector({ backend: sink.url, overlay });
  const from = nowSeconds();
  const stretch = OUTAGE_SECONDS + 4;
  const entries = makeEntries(stretch * ENTRIES_PER_SECOND, { from, stretch });
  slack.addMany(entries);
  const daemon = await setting.daemon({ source: { start_at: startAt(from) }, export: { endpoint: collector.url } });
  const acknowledgedUpTo = (second: number) =>
    daemon.until("window_delivered", ({ to, catching_up }) => Number(to) >= second && catching_up === false);

  await setting.delivered(ENTRIES_PER_SECOND);
  await sink.pause();
  const downSince = nowSeconds();
  await acknowledgedUpTo(downSince + RESTART_AFTER_SECONDS);
  await collector.stop(signal);
  await daemon.until("retrying");
  const acknowledged = (await daemon.status()).sources.acme?.counts.delivered ?? 0;
  const queued = acknowledged - countDistinct(sink.records);
  await collector.start();
  await acknowledgedUpTo(downSince + OUTAGE_SECONDS);
  await sink.resume();

  await acknowledgedUpTo(from + stretch);
  await setting.delivered(queue === "disk" ? entries.length : entries.length - queued);
  await collector.stop();
  const arrived = sink.records;
  return { entries, arrived, queued, lost: entries.length - countDistinct(arrived) };
}

function countDistinct(records: readonly { uid: string }[]): number {
  return new Set(records.map(({ uid }) => uid)).size;
}

suite("a backend is down for 20 s, and the Collector restarts during the outage", { concurrency: true }, () => {
  testWithCollector("no record is lost with the recommended queue on disk", async (t) => {
    const { entries, arrived, queued } = await runOutage({ queue: "disk", signal: "SIGKILL" });
    assert.ok(queued > 0);
    assertNoneMissing(arrived, entries);
    t.diagnostic(`${queued} of ${entries.length} entries were only in the queue, ${arrived.length} records arrived`);
  });

  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    testWithCollector(`all records in a queue in memory are lost on ${signal}`, async (t) => {
      const { entries, queued, lost } = await runOutage({ queue: "memory", signal });
      t.diagnostic(`${lost} of ${entries.length} entries are lost, ${queued} were only in the queue`);
      assert.ok(lost > 0);
      assert.equal(lost, queued);
    });
  }
});
