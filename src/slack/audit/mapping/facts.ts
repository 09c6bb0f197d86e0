import type { RecordEncoding } from "../../../model.ts";
import { findAction } from "../actions.ts";
import { categoryOf } from "../category.ts";
import { createSeverity } from "../severity.ts";
import { createPut, type RecordAttributes } from "./put.ts";
import type { Vocabulary } from "./section.ts";

/** What follows from an entry's action alone. */
export interface Facts {
  readonly severityNumber: number;
  /** Identifies the structure of the event, so a text that is no name of an action gives none. */
  readonly eventName: string | undefined;
  readonly attributes: Readonly<RecordAttributes>;
  /** All of it, where records are encoded at once. */
  readonly head?: Uint8Array;
}

/** What facts depend on beside the action. */
export interface FactsOptions {
  readonly severity: readonly (readonly [pattern: string, severityNumber: number])[];
  /** Whether each record has the action's description. */
  readonly description: boolean;
  readonly vocabulary: Vocabulary;
  readonly encoding?: RecordEncoding | undefined;
}

/** Actions are a few hundred words; the bounds only keep a hostile stream from filling the memory. */
const MOST_ACTIONS = 5_000;
const LONGEST_ACTION = 200;

/** Gives what follows from an action. */
export type FactsOf = (action: string) => Facts;

/** Makes the function from action to what follows from it; it works things out once for each action. */
export function createFacts({ severity, description, vocabulary, encoding }: FactsOptions): FactsOf {
  const { rename, notice, classify } = vocabulary;
  const severityOf = createSeverity(severity);
  const puts = ["action", "category", "description"].map((key) => createPut(`slack.audit.${key}`, rename));
  const decided = new Map<string, Facts>();
  return (action) => decided.get(action) ?? decide(action);

  function decide(action: string): Facts {
    const known = findAction(action);
    if (!known && action !== "") notice("action", action);
    const category = categoryOf(action);
    const severityNumber = severityOf(action);
    const attributes: RecordAttributes = {};
    const values = [action, category, description ? known?.description : undefined];
    for (const [index, put] of puts.entries()) put(attributes, values[index]);
    const told = {
      severityNumber,
      eventName: /^[\w.-]{1,200}$/.test(action) ? `slack.audit.${action}` : undefined,
      attributes: { ...attributes, ...classify({ action, category, severityNumber }) },
    };
    const facts = encoding ? { ...told, head: encoding.head(told) } : told;
    if (decided.size < MOST_ACTIONS && action.length <= LONGEST_ACTION) decided.set(action, facts);
    return facts;
  }
}
