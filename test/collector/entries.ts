import { makeExamples } from "../../src/demo/entries/entry-maker.ts";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import { DEMO_ORGANISATION } from "../../src/demo/slack/people.ts";

/** One entry from every template of the demonstration, as JSON. */
export function exampleEntries(at: number): string[] {
  const examples = makeExamples({ random: seededRandom(1), organisation: DEMO_ORGANISATION }, at);
  return examples.map((entry) => JSON.stringify(entry));
}
