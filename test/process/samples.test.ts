import assert from "node:assert/strict";
import { test } from "node:test";
import { listFixtures, readFixture } from "../support/fixtures.ts";
import { readSamples, samplesAreMissing } from "../support/samples.ts";
import { startSetting } from "./setting.ts";

test("daemon delivers every fixture and maps each of them", async () => {
  // `not-understood` is no object, so it cannot be mapped.
  const names = listFixtures().filter((name) => name !== "not-understood");
  await assertDelivered(names.map(readFixture));
});

test("daemon delivers every sample and maps each of them", { skip: samplesAreMissing }, async () => {
  await assertDelivered(readSamples().map(withPlausibleDate));
});

/** Asserts that the daemon delivers each entry with its text as the body and without a mapping error. */
async function assertDelivered(texts: readonly string[]): Promise<void> {
  await using setting = await startSetting();
  const bodies = new Set(texts);
  setting.slack.addMany(texts);
  const source = { start_at: "2018-03-01T00:00:00Z", max_window: "30000d" };
  const daemon = await setting.daemon({ source });

  await setting.delivered(new Set(texts.map((text) => JSON.parse(text).id)).size);
  await daemon.until("window_delivered", (line) => line.catching_up === false);
  const { records } = setting.sink;
  for (const record of records) {
    assert.ok(bodies.has(String(record.body)), `${record.uid} has a body that is not Slack's text`);
    assert.equal(record.attributes["slack.audit.mapping_error"], undefined, record.uid);
  }
  assert.equal((await daemon.status()).sources.acme?.counts.mapping_errors, 0);
}

/** Sets a date in the sample of Slack's SDK, whose own date is before audit logs existed. */
function withPlausibleDate(text: string): string {
  return text.replace(`"date_create":123,`, `"date_create":1600000000,`);
}
