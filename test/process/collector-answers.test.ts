import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "node:test";
import type { SinkFault } from "../../src/demo/sink/faults.ts";
import { makeEntries, nowSeconds, startAt } from "./entries.ts";
import { type Setting, startSetting } from "./setting.ts";

/** The largest number of copies of one record at the collector. */
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
  test(`daemon sends at most three copies to a collector that stores and answers ${what}, and loses nothing`, {
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
    await daemon.until("held", () => daemon.lines.filter(({ event }) => event === "held").length >= 6);
    assert.ok(mostCopies(setting) <= 3, `${mostCopies(setting)} copies`);
    const status = (await daemon.status()).sources.acme;
    assert.equal(status?.state, "held");
    assert.match(
      status?.reason ?? "",
      /has not acknowledged a record yet: The collector answered 200 with something that is no/,
    );
    assert.equal(existsSync(path.join(setting.stateFolder, "dead-letters")), false);

    sink.intercept = undefined;
    await daemon.until("resumed");
    assert.ok(mostCopies(setting) <= 3, `${mostCopies(setting)} copies`);
    assert.equal(kept(setting), 40);
    assert.equal((await daemon.stop()).code, 0);
  });
}

test("daemon remembers across a restart that the collector has acknowledged, and then sets refused records aside", {
  timeout: 60_000,
}, async () => {
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const from = nowSeconds() - 600;
  slack.addMany(makeEntries(5, { from, stretch: 20 }));
  const first = await setting.daemon({ source: { start_at: startAt(from) } });
  await setting.delivered(5);
  await first.until("window_delivered");
  assert.equal((await first.stop()).code, 0);
  assert.match(await setting.readState("checkpoints.json"), /"acknowledged":"[0-9a-f]{64}"/);

  sink.intercept = ({ records }) => (records.length > 0 ? nonsense[0]?.[1] : undefined);
  const daemon = await setting.daemon();
  slack.addMany(makeEntries(3, { from: nowSeconds(), stretch: 1 }));
  const aside = await daemon.until("records_set_aside");
  assert.match(String(aside.why), /no OTLP response: OK, 3 times in a row$/);
  assert.ok(mostCopies(setting) <= 3, `${mostCopies(setting)} copies`);
  assert.equal((await daemon.stop()).code, 0);
});

const refusals: readonly [what: string, change: object, body: string, option: string][] = [
  ["protocol", { protocol: "http/json" }, "json encoding isn't supported for opentelemetry format", "export.protocol"],
  ["path", {}, "unsupported path requested: /v1/logs", "export.endpoint"],
  ["compression", { compression: "zstd" }, "cannot read gzip header: gzip: invalid header", "export.compression"],
];

for (const [what, change, body, option] of refusals) {
  test(`daemon sets nothing aside when the ${what} is wrong from the start, and names the option`, {
    timeout: 60_000,
  }, async () => {
    await using setting = await startSetting();
    const from = nowSeconds() - 600;
    setting.slack.addMany(makeEntries(20, { from, stretch: 20 }));
    setting.sink.intercept = ({ records }) =>
      records.length > 0 ? { status: 400, contentType: "text/plain", body } : undefined;
    const daemon = await setting.daemon({ source: { start_at: startAt(from) }, export: change });
    const held = await daemon.until("held");
    assert.ok(String(held.why).endsWith(body), String(held.why));
    assert.ok(String(held.remedy).startsWith(`correct ${option}, `), String(held.remedy));
    await daemon.until("held", () => daemon.lines.filter(({ event }) => event === "held").length >= 4);
    assert.equal(existsSync(path.join(setting.stateFolder, "dead-letters")), false);
    setting.sink.intercept = undefined;
    await setting.delivered(20);
    await daemon.until("resumed");
    assert.equal(existsSync(path.join(setting.stateFolder, "dead-letters")), false);
    assert.equal((await daemon.stop()).code, 0);
  });
}

const doors: readonly [what: string, scheme: string, make: () => Server | http2.Http2Server, remedy: RegExp][] = [
  ["a gRPC port", "http", () => http2.createServer().on("sessionError", () => {}), /gRPC port.* 4318/],
  ["a plain port with https://", "https", () => createServer(), /^write http:\/\/ in export.endpoint$/],
];

for (const [what, scheme, make, remedy] of doors) {
  test(`daemon holds with the remedy when export.endpoint is ${what}`, { timeout: 60_000 }, async () => {
    await using setting = await startSetting();
    const server = make().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const from = nowSeconds() - 600;
    setting.slack.addMany(makeEntries(3, { from, stretch: 20 }));
    const endpoint = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const daemon = await setting.daemon({ source: { start_at: startAt(from) }, export: { endpoint } });
    const held = await daemon.until("held");
    assert.match(String(held.remedy), remedy);
    assert.equal((await daemon.stop()).code, 0);
    server.close();
  });
}
