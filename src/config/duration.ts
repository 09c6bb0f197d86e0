const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS_MS;

/** Milliseconds of a duration such as `500ms`, `30s`, `1m`, `6h` or `7d`; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * UNITS_MS[unit as Unit];
  return Number.isSafeInteger(ms) ? ms : undefined;
}
