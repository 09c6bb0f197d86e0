/** Gathers what is wrong, so that the operator hears all of it at once. */
export interface Faults {
  /** Notes a fault of a dotted key. Only a key's first fault is kept: the others tend to follow from it. */
  add(key: string, problem: string): void;
  /** Says that a key's value came from this environment variable, so that its faults name the variable. */
  cameFrom(key: string, variable: string): void;
  /** Whether any of these keys has a fault, so that checks across keys do not judge what is known to be wrong. */
  touches(...keys: readonly string[]): boolean;
  /** One sentence each. */
  sentences(): readonly string[];
}

/** A collection without faults. */
export function createFaults(): Faults {
  const sentences = new Map<string, string>();
  const variables = new Map<string, string>();
  return {
    add(key, problem) {
      if (sentences.has(key)) return;
      sentences.set(key, `Cannot use ${variables.get(key) ?? key.split(".").map(shownName).join(".")}: ${problem}`);
    },
    cameFrom: (key, variable) => void variables.set(key, variable),
    touches: (...keys) => keys.some((key) => sentences.has(key)),
    sentences: () => [...sentences.values()],
  };
}

/** A name as a fault may show it: a secret that slipped into the place of a name is longer than this, and is cut short. */
export function shownName(name: string): string {
  const printable = name.replaceAll(/[^\x20-\x7e]/g, "?");
  return printable.length < 32 ? printable : `${printable.slice(0, 8)}…`;
}
