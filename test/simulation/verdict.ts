/** The promises that a schedule must keep. */
export type Property =
  | "no entry is missing"
  | "duplicates stay within the bound"
  | "the position never moves back"
  | "no source begins in the future"
  | "the disk claims only what is safe"
  | "nothing is exported while the position is unsaved"
  | "only records at fault are set aside"
  | "nothing is set aside at first contact"
  | "a record is stored three times at most"
  | "only what was asked for is delivered"
  | "what is read is accounted for"
  | "every page repeats its window's bounds"
  | "Slack is never asked for the future"
  | "an organisation is asked with its own token"
  | "at most one page is fetched ahead"
  | "requests stay within the budget"
  | "Retry-After is waited for"
  | "no busy loop"
  | "the run ends"
  | "the daemon lives until it is stopped"
  | "the state can be read"
  | "a stop ends within its grace";

export interface Failure {
  readonly property: Property;
  readonly detail: string;
}

/** Keeps the first property that broke: later ones may be its consequence. */
export interface Verdict {
  readonly failure: Failure | undefined;
  fail(property: Property, detail: string): void;
}

export function createVerdict(): Verdict {
  let failure: Failure | undefined;
  return {
    get failure() {
      return failure;
    },
    fail(property, detail) {
      failure ??= { property, detail };
    },
  };
}
