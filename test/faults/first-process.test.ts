import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { build } from "./build.ts";
import { childOf, NAMESPACE, whyNoNamespace } from "./namespace.ts";

/** As in a container: process 1 ignores every signal that it has no handler for. */
test("daemon ends with 0 as process 1 at the first signal, and at once at the second", {
  skip: whyNoNamespace(),
  timeout: 60_000,
}, async () => {
  const command = [...NAMESPACE, ...(await build())];
  await using setting = await startSetting();
  const from = nowSeconds() - 60;
  const entries = makeEntries(20, { from, stretch: 20 });
  setting.slack.addMany(entries);
  const daemon = await setting.daemon({ source: { start_at: startAt(from) } }, { command });
  await setting.delivered(entries.length);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);
  assert.match(readFileSync(`/proc/${childOf(daemon.pid)}/status`, "utf8"), /^NSpid:\s+\d+\s+1$/m);
  process.kill(childOf(daemon.pid), "SIGTERM");
  assert.equal((await daemon.ended).code, 0);
  assertEachOnce(setting.sink.records, entries);

  await setting.sink.pause();
  setting.slack.addMany(makeEntries(20, { from: nowSeconds() }));
  await setting.writeConfig({ shutdown_grace: "5m" });
  const other = await setting.daemon(undefined, { command });
  await other.until("retrying");
  process.kill(childOf(other.pid), "SIGTERM");
  await other.until("stopping");
  const before = performance.now();
  process.kill(childOf(other.pid), "SIGTERM");
  assert.equal((await other.ended).code, 1);
  assert.ok(performance.now() - before < 1_000);
});
