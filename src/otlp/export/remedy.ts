/** What the collector's own words say of the option at fault, the surest first. */
const OPTIONS: readonly (readonly [words: RegExp, option: string])[] = [
  [/gzip|zstd|compress|content-encoding|magic number|header check/i, "export.compression"],
  [/json|protobuf|proto\b|content-type|media type|unmarshal|wire type|wireType/i, "export.protocol"],
  [/\bpath\b|\broute\b|\burl\b|\buri\b|not found|no such|endpoint/i, "export.endpoint"],
];
const SUSPECTS = ["export.endpoint", "export.protocol", "export.compression"];

/**
 * What to do when a destination refuses the first records that it is sent: then the configuration is at fault, not the
 * records. Names the option that the collector's words point at first.
 */
export function remedyOfFirstContact(words: string): string {
  const likely = OPTIONS.find(([pattern]) => pattern.test(words))?.[1];
  const [first = "", ...others] = likely ? [likely, ...SUSPECTS.filter((option) => option !== likely)] : SUSPECTS;
  return `correct ${first}, ${others.join(" or ")}: nothing is set aside before the collector has acknowledged a record`;
}
