import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Other projects' data, beside the repository; none of it is part of it. */
export const SAMPLES = path.resolve(import.meta.dirname, "../../../shared/samples");

/** Why tests of the samples are skipped; false where they are there. */
export const samplesAreMissing = existsSync(SAMPLES) ? false : "the folder with the samples is not here";

/** The texts of all entries among the samples. */
export function readSamples(): string[] {
  return readdirSync(SAMPLES)
    .filter((name) => /\.(ndjson|json)$/.test(name))
    .flatMap(entriesIn);
}

/** One file of the samples, parsed. */
export function readSample(file: string) {
  return JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));
}

/** A line each, a page of them, or the file itself. */
function entriesIn(file: string): string[] {
  const text = readFileSync(path.join(SAMPLES, file), "utf8").trim();
  if (file.endsWith(".ndjson")) return text.split("\n");
  const whole = JSON.parse(text);
  if (Array.isArray(whole.entries)) return whole.entries.map((entry: unknown) => JSON.stringify(entry));
  return "action" in whole ? [text] : [];
}
