import { errorCode } from "../runtime/files.ts";

/** Collects the faults of a configuration, so that one run reports them all. */
export interface Faults {
  /** Adds a fault of a dotted key. Only the first fault of a key is kept: later ones usually follow from it. */
  add(key: string, problem: string): void;
  /** Makes the faults of a key name this environment variable, which its value came from. */
  cameFrom(key: string, variable: string): void;
  /** Reports whether any of these keys has a fault. Checks across keys skip them then. */
  touches(...keys: readonly string[]): boolean;
  /** One sentence each. */
  sentences(): readonly string[];
}

/** Creates an empty collection. */
export function createFaults(): Faults {
  const sentences = new Map<string, string>();
  const variables = new Map<string, string>();
  return {
    add(key, problem) {
      if (sentences.has(key)) return;
      sentences.set(key, `Cannot use ${variables.get(key) ?? key.split(".").map(shortenName).join(".")}: ${problem}`);
    },
    cameFrom: (key, variable) => void variables.set(key, variable),
    touches: (...keys) => keys.some((key) => sentences.has(key)),
    sentences: () => [...sentences.values()],
  };
}

/** Makes a name safe to show. A secret in the place of a name is longer than 31 characters, and is cut to 8. */
export function shortenName(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]/g, "?");
  return ascii.length < 32 ? ascii : `${ascii.slice(0, 8)}…`;
}

/** Says why a file cannot be read, without its name. */
export function describeReadError(error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
      return "permission is denied";
    case "EISDIR":
      return "it is a folder";
    default:
      return `reading failed${code ? ` (${code})` : ""}`;
  }
}
