import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { renewGenerated } from "../docs/generate.ts";
import { renderMapping } from "../docs/mapping.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { createMetrics } from "../src/telemetry/metrics.ts";

const root = new URL("../", import.meta.url);
const read = (file: string) => readFile(new URL(file, root), "utf8");
const readme = await read("README.md");

test("the README's tables match the code; npm run docs renews them", () => {
  assert.equal(renewGenerated(readme), readme);
});

test("docs/mapping.md matches the code; npm run docs renews it", async () => {
  assert.equal(await read("docs/mapping.md"), renderMapping());
});

test("the README names every event", async () => {
  const source = await read("src/events.ts");
  const events = new Set([...source.matchAll(/event: "(\w+)"/g)].map(([, name]) => name));
  assert.ok(events.size > 15);
  for (const event of events) assert.ok(readme.includes(`\`${event}\``), `${event} is missing`);
});

test("the README names every metric of the receiver", async () => {
  const { text } = createMetrics({ clock: systemClock, version: "1", sources: [{ name: "acme", authorized: true }] });
  const names = [...(await text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? "");
  const entry = "slack_audit_receiver_entry_";
  for (const name of names.filter((metric) => metric !== "target_info")) {
    const short = name.startsWith(entry) ? `…_${name.slice(entry.length)}` : name;
    assert.ok(readme.includes(name) || readme.includes(short), `${name} is missing`);
  }
});

test("every link of the README to a file has its file", async () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, link]) => link ?? "");
  assert.ok(links.length > 5);
  await Promise.all(links.map((link) => read(link)));
});
