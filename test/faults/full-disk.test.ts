import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { positionFromJson } from "../../src/slack/audit/walk/position.ts";
import { countSeen } from "../../src/slack/audit/walk/seen.ts";
import { assertEachOnce, makeEntries, nowSeconds, startAt } from "../process/entries.ts";
import { startSetting } from "../process/setting.ts";
import { build } from "./build.ts";
import { mountSmallDisk, whyNoSmallDisk } from "./full-disk.ts";

const PAGE_SIZE = 10;
const skip = whyNoSmallDisk();

test("daemon exports at most one page while the disk is full, and continues by itself when there is room", {
  skip,
  timeout: 90_000,
}, async (t) => {
  const command = await build();
  await using setting = await startSetting();
  const { slack, sink } = setting;
  await mkdir(setting.stateFolder);
  using disk = mountSmallDisk(setting.stateFolder);
  const from = nowSeconds() - 600;
  const first = makeEntries(30, { from, stretch: 30 });
  slack.addMany(first);
  await setting.writeConfig({ source: { start_at: startAt(from), page_size: PAGE_SIZE, lookback: "15m" } });
  const daemon = await setting.daemon(undefined, { command });
  await setting.delivered(first.length);
  await daemon.until("window_delivered", ({ catching_up }) => catching_up === false);

  await disk.fill();
  // All in different seconds, so that no page exceeds its size.
  const later = makeEntries(400, { from: from + 30, stretch: 400 });
  slack.addMany(later);
  await daemon.until("retrying", ({ target, why }) => target === "state" && /ENOSPC/.test(String(why)));
  const delivered = sink.records.length;
  const asked = slack.requests.length;
  const saved = await setting.readState("checkpoints.json");
  await daemon.until("retrying", ({ target, attempt }) => target === "state" && Number(attempt) === 3);
  assert.equal(sink.records.length, delivered, "nothing more is exported while the position cannot be saved");
  assert.equal(slack.requests.length, asked, "nothing more is read");
  assert.equal(await setting.readState("checkpoints.json"), saved, "the live file is whole");
  const unsaved = delivered - countSeen(positionFromJson(JSON.parse(saved).data.positions.acme).seen);
  assert.ok(unsaved > 0 && unsaved <= PAGE_SIZE, `${unsaved} are exported and not saved`);
  assert.equal((await daemon.get("/readyz")).status, 503);

  await disk.makeRoom();
  await daemon.until("resumed", ({ target }) => target === "state");
  await setting.delivered(first.length + later.length);
  assertEachOnce(sink.records, [...first, ...later]);
  await daemon.until("window_delivered", ({ to }) => Number(to) >= nowSeconds() - 2);
  assert.equal((await daemon.get("/readyz")).status, 200);
  assert.equal((await daemon.stop()).code, 0);
  t.diagnostic(
    `full disk: ${unsaved} entries exported and not saved, none exported in the hold, all ${later.length} there afterwards, each once`,
  );
});

test("daemon holds while the dead letters have no room, and continues by itself when there is room", {
  skip,
  timeout: 90_000,
}, async () => {
  const command = await build();
  await using setting = await startSetting();
  const { slack, sink } = setting;
  const folder = path.join(setting.stateFolder, "dead-letters");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  using disk = mountSmallDisk(folder);
  await disk.fill();
  const entries = makeEntries(20, { from: nowSeconds() - 60, stretch: 20 });
  const [, poison, ...others] = entries;
  slack.addMany(entries);
  sink.intercept = ({ records }) => (records.some(({ uid }) => uid === poison?.id) ? { status: 400 } : undefined);
  await setting.writeConfig({ source: { start_at: startAt(nowSeconds() - 60), page_size: PAGE_SIZE } });
  const daemon = await setting.daemon(undefined, { command });
  const held = await daemon.until("held", ({ target }) => target === "dead_letters");
  assert.match(String(held.why), /ENOSPC/);
  assert.equal((await daemon.status()).sources.acme?.state, "held");

  await disk.makeRoom();
  await daemon.until("resumed", ({ target }) => target === "dead_letters");
  await setting.delivered(entries.length - 1);
  assertEachOnce(sink.records, [...entries.slice(0, 1), ...others]);
  await daemon.until("records_set_aside", ({ records }) => records === 1);
  const { stdout } = await setting.run(["dead-letters", "list"], { command });
  assert.match(stdout, /1 records/);
  assert.equal((await daemon.stop()).code, 0);
});
