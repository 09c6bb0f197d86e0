import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * A folder with entries that other projects published. It is optional: test/fixtures covers the same shapes. `AUDIT_LOG_SAMPLES`
 * names it; by default it is `shared/samples` beside the checkout.
 */
const FOLDER = process.env.AUDIT_LOG_SAMPLES ?? path.resolve(import.meta.dirname, "../../../shared/samples");

/** The reason to skip tests of the samples; false if the folder exists. */
export const samplesAreMissing = existsSync(FOLDER) ? false : "AUDIT_LOG_SAMPLES names no folder with samples";

/** The texts of all entries in the folder. */
export function readSamples(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => /\.(ndjson|json)$/.test(name))
    .flatMap(entriesIn);
}

/** One JSON file of the folder, parsed. */
export function readSample(file: string) {
  return JSON.parse(readFileSync(path.join(FOLDER, file), "utf8"));
}

/** An .ndjson file has one entry per line; a .json file is an entry, a page of entries, or something else. */
function entriesIn(file: string): string[] {
  const text = readFileSync(path.join(FOLDER, file), "utf8").trim();
  if (file.endsWith(".ndjson")) return text.split("\n");
  const parsed = JSON.parse(text);
  if (Array.isArray(parsed.entries)) return parsed.entries.map((entry: unknown) => JSON.stringify(entry));
  return "action" in parsed ? [text] : [];
}
