import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startSetting } from "./setting.ts";

/** Other projects' data, beside the repository; none of it is part of it. */
const SAMPLES = fileURLToPath(new URL("../../../shared/samples/", import.meta.url));
const FILES = [
  "elastic-test-audit.ndjson",
  "elastic-parser-breakers.ndjson",
  "java-sdk-polymorphic-details.ndjson",
  "java-sdk-every-field-skeleton.json",
  "slack-docs-sample-event.json",
];
const skip = existsSync(SAMPLES) ? false : "the folder of samples is not there";

test("daemon delivers every published sample and maps each of them", { skip }, async () => {
  await using setting = await startSetting();
  const texts = (await Promise.all(FILES.map(readTexts))).flat().map(withPlausibleDate);
  const bodies = new Set(texts);
  setting.slack.addMany(texts);
  const source = { start_at: "2018-03-01T00:00:00Z", max_window: "30000d" };
  const daemon = await setting.daemon({ source });

  await setting.delivered(new Set(texts.map((text) => JSON.parse(text).id)).size);
  await daemon.until("window_delivered", (line) => line.catching_up === false);
  const { records } = setting.sink;
  for (const record of records) {
    assert.ok(bodies.has(String(record.body)), `${record.uid} has Slack's own text as its body`);
    assert.equal(record.attributes["slack.audit.mapping_error"], undefined, record.uid);
  }
  assert.equal((await daemon.status()).sources.acme?.counts.mapping_errors, 0);
});

/** One entry per line, or one JSON text that is an entry or a page of them. */
async function readTexts(name: string): Promise<string[]> {
  const text = (await readFile(SAMPLES + name, "utf8")).trim();
  if (name.endsWith(".ndjson")) return text.split("\n");
  const { entries } = JSON.parse(text);
  return Array.isArray(entries) ? entries.map((entry: unknown) => JSON.stringify(entry)) : [text];
}

/** The skeleton's members are placeholders, and its date is older than audit logs are. */
function withPlausibleDate(text: string): string {
  return text.replace(`"date_create":123,`, `"date_create":1600000000,`);
}
