import assert from "node:assert/strict";
import { test } from "node:test";
import type { SinkFault } from "../../src/demo/sink/faults.ts";
import type { Daemon } from "./daemon.ts";
import { assertEachOnce, assertNoneMissing, makeEntries, nowSeconds, startAt } from "./entries.ts";
import { type Setting, startSetting } from "./setting.ts";

const GRACE_MS = 2_000;

test("daemon ends with 0 when it is told to stop while idle", async () => {
  await using setting = await startSetting();
  const daemon = await setting.daemon({ source: { poll_interval: "1h" } });
  await daemon.until("window_delivered");
  await assertStops(daemon);
});

test("daemon ends with 0 when it is told to stop while catching up, and repeats nothing afterwards", async () => {
  await using setting = await startSetting();
  const { entries, changes } = await addBacklog(setting);
  const daemon = await setting.daemon(changes);
  await setting.delivered(100);
  await assertStops(daemon);
  assert.ok(setting.sink.records.length < entries.length, "it was told to stop in the middle");

  await setting.daemon();
  await setting.delivered(entries.length);
  assertEachOnce(setting.sink.records, entries);
});

test("daemon ends with 0 when it is told to stop with a dead collector", async () => {
  await using setting = await startSetting();
  const { entries, changes } = await addBacklog(setting);
  await setting.sink.pause();
  const daemon = await setting.daemon(changes);
  await daemon.until("retrying", ({ target }) => target === "collector");
  const { stdout } = await assertStops(daemon);
  assert.match(stdout, /"event":"stopped","left":\["acme"\]/);

  await setting.sink.resume();
  await setting.daemon();
  await setting.delivered(entries.length);
  assertEachOnce(setting.sink.records, entries);
});

test("daemon ends with 0 when it is told to stop and a collector does not answer its own log either", async () => {
  await using setting = await startSetting();
  setting.sink.intercept = () => ({ stall: true });
  const daemon = await setting.daemon({ source: { poll_interval: "1h" }, telemetry: { logs: "otlp" } });
  await daemon.until("window_delivered");
  await assertStops(daemon);
});

test("daemon ends with 0 when it is told to stop while a collector does not answer", async () => {
  await using setting = await startSetting();
  const { changes } = await addBacklog(setting);
  const arrived = Promise.withResolvers<void>();
  setting.sink.intercept = () => {
    arrived.resolve();
    return { stall: true };
  };
  const daemon = await setting.daemon(changes);
  await arrived.promise;
  await assertStops(daemon);
});

test("daemon ends with 0 when it is told to stop while Slack does not answer", async () => {
  await using setting = await startSetting();
  const arrived = Promise.withResolvers<void>();
  setting.slack.intercept = ({ path }) => {
    if (path === "/audit/v1/logs") arrived.resolve();
    return { stall: true };
  };
  const daemon = await setting.daemon({});
  await arrived.promise;
  await assertStops(daemon);
});

test("daemon ends at once when it is told to stop a second time", async () => {
  await using setting = await startSetting();
  const { changes } = await addBacklog(setting);
  await setting.sink.pause();
  const daemon = await setting.daemon({ ...changes, shutdown_grace: "5m" });
  await daemon.until("retrying");
  daemon.signal("SIGTERM");
  await daemon.until("stopping");
  const { code, afterMs } = await daemon.stop("SIGINT");
  assert.equal(code, 1);
  assert.ok(afterMs < 1_000, `it took ${afterMs} ms`);
});

test("daemon loses nothing and repeats at most a page when it is killed before and after the collector has accepted", {
  timeout: 60_000,
}, async () => {
  await using setting = await startSetting();
  const { entries, changes } = await addBacklog(setting);
  await setting.writeConfig(changes);
  const ends: readonly SinkFault[] = [
    { reset: true },
    { acceptThenReset: true },
    { reset: true },
    { acceptThenReset: true },
  ];
  for (const end of ends) {
    const daemon = await setting.daemon();
    let requests = 0;
    setting.sink.intercept = async () => {
      if (++requests < 3) return undefined;
      await daemon.stop("SIGKILL");
      return end;
    };
    await daemon.ended;
  }
  setting.sink.intercept = undefined;
  await setting.daemon();
  await setting.delivered(entries.length);
  assertNoneMissing(setting.sink.records, entries);
  const repeated = setting.sink.records.length - entries.length;
  assert.equal(repeated, 2 * changes.source.page_size, "a page for each answer that was lost");
});

/** Many slow pages, so that catching up takes a while. No two entries share a second, so no page exceeds its limit. */
async function addBacklog({ slack }: Setting) {
  const from = nowSeconds() - 600;
  const entries = makeEntries(290, { from, stretch: 290 });
  slack.addMany(entries);
  slack.intercept = () => ({ delayMs: 20 });
  return { entries, changes: { source: { start_at: startAt(from), page_size: 10 } } };
}

async function assertStops(daemon: Daemon) {
  const ended = await daemon.stop();
  assert.equal(ended.code, 0, ended.stderr);
  assert.ok(ended.afterMs < GRACE_MS + 1_000, `it took ${ended.afterMs} ms`);
  return ended;
}
