import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PresetName } from "../../../src/slack/audit/mapping/presets.ts";
import { mapEntry } from "../../support/map-entry.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../../fixtures/slack/audit");
const GOLDEN = path.resolve(import.meta.dirname, "../../golden");
const PRESETS: readonly PresetName[] = ["otel", "ecs", "ocsf"];

/** The names of the entries that the project has made. */
export function listFixtures(): string[] {
  return readdirSync(FIXTURES)
    .map((file) => path.basename(file, ".json"))
    .sort();
}

/** The text of an entry. */
export function readFixture(name: string): string {
  return readFileSync(path.join(FIXTURES, `${name}.json`), "utf8").trim();
}

/** What was agreed that an entry's record is. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(path.join(GOLDEN, `${name}.json`), "utf8"));
}

/** The names of what was agreed. */
export function listGolden(): string[] {
  return readdirSync(GOLDEN).map((file) => path.basename(file, ".json"));
}

/** What an entry's record is: the members that do not depend on the vocabulary, and the attributes in each. */
export function describeFixture(name: string): unknown {
  const { hrTime, severityNumber, eventName } = mapEntry(readFixture(name));
  const attributes = PRESETS.map((preset) => {
    const record = mapEntry(readFixture(name), { preset, description: true });
    return [preset, Object.fromEntries(Object.entries(record.attributes).sort(([a], [b]) => (a < b ? -1 : 1)))];
  });
  const record = { timeSeconds: hrTime[0], severityNumber, eventName, attributes: Object.fromEntries(attributes) };
  return JSON.parse(JSON.stringify(record));
}

if (import.meta.main) {
  for (const name of listGolden()) rmSync(path.join(GOLDEN, `${name}.json`));
  for (const name of listFixtures()) {
    writeFileSync(path.join(GOLDEN, `${name}.json`), `${JSON.stringify(describeFixture(name), null, 2)}\n`);
  }
}
