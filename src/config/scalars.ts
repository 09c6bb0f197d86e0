import type { StartAt } from "./config.ts";

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNITS_BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

/** Reads a duration such as `500ms`, `30s`, `1m`, `6h` or `7d` as milliseconds. Returns undefined for other text. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** Reads a size such as `512KiB`, `4MiB`, `10MB` or `100B` as bytes. Returns undefined for other text. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([KMG]i?B|B)$/.exec(text) ?? [];
  const bytes = Number(count) * UNITS_BYTES[unit as keyof typeof UNITS_BYTES];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  /** 0: the system chooses one. */
  readonly port: number;
}

/** Reads `host:port`, `[::1]:8080` or `:8080` (every IPv4 address). Returns undefined for other text. */
export function parseListen(text: string): ListenAddress | undefined {
  const [, ipv6, name, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return port <= 65_535 ? { host: ipv6 ?? (name || "0.0.0.0"), port } : undefined;
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads `now`, an RFC 3339 time, or a duration back from now. Returns undefined for other text. */
export function parseStartAt(text: string): StartAt | undefined {
  if (text === "now") return { secondsBack: 0 };
  const backMs = parseDuration(text);
  if (backMs !== undefined) return { secondsBack: Math.ceil(backMs / 1_000) };
  const ms = RFC3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  return Number.isNaN(ms) ? undefined : { at: Math.floor(ms / 1_000) };
}

const SEVERITY_NAMES = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * Reads a severity name such as `WARN` or `ERROR2` as its number, 1 to 24 (OpenTelemetry log data model, "Displaying
 * Severity": six ranges of four). Returns undefined for other text.
 */
export function parseSeverity(text: string): number | undefined {
  const [, name = "", step = "1"] = /^([A-Z]+)([234])?$/.exec(text) ?? [];
  const range = SEVERITY_NAMES.indexOf(name);
  return range < 0 ? undefined : range * 4 + Number(step);
}
