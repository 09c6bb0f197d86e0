/** How the records travel. */
export interface Encoding {
  readonly protocol: "http/protobuf" | "http/json";
  readonly compression: "none" | "gzip" | "zstd";
}

/** What a contestant has to do. */
export interface Case extends Encoding {
  readonly entries: number;
  readonly slackLatencyMs: number;
  readonly collectorLatencyMs: number;
}

/** The encodings that are measured. */
export const ENCODINGS: readonly Encoding[] = [
  { protocol: "http/protobuf", compression: "none" },
  { protocol: "http/protobuf", compression: "gzip" },
  { protocol: "http/protobuf", compression: "zstd" },
  { protocol: "http/json", compression: "gzip" },
];

/** The most that Slack gives at once. */
export const PAGE_SIZE = 9_999;

/** An encoding in words. */
export function nameOfEncoding({ protocol, compression }: Encoding): string {
  return `${protocol.slice("http/".length)}, ${compression}`;
}
