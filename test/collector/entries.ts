import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { KINDS } from "../../src/demo/entries/kinds.ts";
import { createEntryMaker } from "../../src/demo/entries.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../fixtures/slack/audit");

/** One entry of every kind that the demonstration knows, as Slack's text. */
export function entriesOfEveryKind(at: number): string[] {
  const random = seededRandom(1);
  return KINDS.map((kind) => {
    const make = createEntryMaker({ random, organisation: DEMO_ORGANISATION, kinds: [kind] });
    return JSON.stringify(make(at));
  });
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
