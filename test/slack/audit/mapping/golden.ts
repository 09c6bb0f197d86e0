import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PresetName } from "../../../../src/slack/audit/mapping/presets/presets.ts";
import { listFixtures, readFixture } from "../../../support/fixtures.ts";
import { mapEntry } from "../../../support/map-entry.ts";

const GOLDEN = path.resolve(import.meta.dirname, "../../../golden");
const PRESETS: readonly PresetName[] = ["otel", "ecs", "ocsf"];

/** The expected record of a fixture, from test/golden. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(path.join(GOLDEN, `${name}.json`), "utf8"));
}

/** The names of all expected records. */
export function listGolden(): string[] {
  return readdirSync(GOLDEN).map((file) => path.basename(file, ".json"));
}

/** The record of a fixture, with its attributes under every preset. */
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
