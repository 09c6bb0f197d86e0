/** Words in a collector's message, and the option that they point at. The first match wins. */
const OPTIONS: readonly (readonly [words: RegExp, option: string])[] = [
  [/gzip|zstd|compress|content-encoding|magic number|header check/i, "export.compression"],
  [/json|protobuf|proto\b|content-type|media type|unmarshal|wire type|wireType/i, "export.protocol"],
  [/\bpath\b|\broute\b|\burl\b|\buri\b|not found|no such|endpoint/i, "export.endpoint"],
];
const CANDIDATES = ["export.endpoint", "export.protocol", "export.compression"];

/**
 * Returns the remedy if a destination refuses the first records that it is sent: the configuration is at fault, not the
 * records. The option that the collector's message points at comes first.
 */
export function firstContactRemedy(message: string): string {
  const likely = OPTIONS.find(([words]) => words.test(message))?.[1];
  const [first = "", ...others] = likely ? [likely, ...CANDIDATES.filter((option) => option !== likely)] : CANDIDATES;
  return `correct ${first}, ${others.join(" or ")}: nothing is set aside before the collector has acknowledged a record`;
}
