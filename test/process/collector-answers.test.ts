import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "node:test";
import type { SinkFault } from "../../src/demo/sink/faults.ts";
import { makeEntries, nowSeconds, startAt } from "./entries.ts";
import { type Setting, startSetting } from "./setting.ts";

/** How often the collector has stored the record that it stored most often. */
function mostCopies({ sink }: Setting): number {
  const copies = new Map<string, number>();
  for (const { uid } of sink.records) copies.set(uid, (copies.get(uid) ?? 0) + 1);
  return Math.max(0, ...copies.values());
}

const kept = (setting: Setting) => new Set(setting.sink.records.map(({ uid }) => uid)).size;

const nonsense: readonly [what: string, fault: SinkFault][] = [
  ["text", { status: 200, keep: true, contentType: "text/plain", body: "OK" }],
  [
    "a gateway's error",
    { status: 200, keep: true, contentType: "application/json", body: '{"errorMessage":"Task timed out"}' },
  ],
  ["answers that break off", { cut: true }],
];

for (const [what, fault] of nonsense) {
  test(`daemon sends three copies at most to a collector that stores and answers ${what}, and loses nothing`, {
    timeout: 60_000,
  }, async () => {
    await using setting = await startSetting();
    const { slack, sink } = setting;
    const from = nowSeconds() - 600;
    slack.addMany(makeEntries(40, { from, stretch: 200 }));
    sink.intercept = ({ records }) => (records.length > 0 ? fault : undefined);
    const daemon = await setting.daemon({
      source: { start_at: startAt(from) },
      export: { max_batch_records: 10 },
    });
    await daemon.until("held", ({ why }) => why.includes("has not acknowledged a record yet"));
    for (let probe = 0; probe < 5; probe++) await daemon.until("held", undefined);
    assert.ok(mostCopies(setting) <= 3, `${mostCopies(setting)} copies`);
    const [status] = (await (await daemon.get("/status.json")).json()).sources;
    assert.equal(status.state, "held");
    assert.match(status.reason, /no OTLP response/);
    assert.equal(existsSync(path.join(setting.stateFolder, "dead-letters")), false);

    sink.intercept = undefined;
    await daemon.until("resumed");
    assert.ok(mostCopies(setting) <= 3, `${mostCopies(setting)} copies`);
    assert.equal(kept(setting), 40);
    assert.equal((await daemon.stop()).code, 0);
  });
}
