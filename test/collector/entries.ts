import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeExamples } from "../../src/demo/entries.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../fixtures/slack/audit");

/** One entry from every template of the demonstration, as JSON. */
export function exampleEntries(at: number): string[] {
  const examples = makeExamples({ random: seededRandom(1), organisation: DEMO_ORGANISATION }, at);
  return examples.map((entry) => JSON.stringify(entry));
}

/** The entries of the project's own fixtures, as they stand in the files: one each, or one per line. */
export function entriesOfFixtures(): string[] {
  if (!existsSync(FIXTURES)) return [];
  const files = globSync("**/*.{json,ndjson}", { cwd: FIXTURES }).sort();
  return files.flatMap((name) => {
    const text = readFileSync(path.join(FIXTURES, name), "utf8").trim();
    return name.endsWith(".ndjson") ? text.split("\n") : [text];
  });
}
