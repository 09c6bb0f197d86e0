import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const FOLDER = path.resolve(import.meta.dirname, "../fixtures/slack/audit");

/** The names of the entries in test/fixtures/slack/audit, sorted. */
export function listFixtures(): string[] {
  return readdirSync(FOLDER)
    .map((file) => path.basename(file, ".json"))
    .sort();
}

/** The text of one entry, as the file contains it. */
export function readFixture(name: string): string {
  return readFileSync(path.join(FOLDER, `${name}.json`), "utf8").trim();
}
