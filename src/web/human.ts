/** A span for people, in its two largest units. */
export function spanWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  for (const [unit, size, smaller, smallerSize] of UNITS) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / smallerSize);
    return rest > 0
      ? `${plural(Math.floor(whole / size), unit)} ${plural(rest, smaller)}`
      : plural(Math.floor(whole / size), unit);
  }
  return plural(whole, "second");
}

const UNITS = [
  ["day", 86_400, "hour", 3_600],
  ["hour", 3_600, "minute", 60],
  ["minute", 60, "second", 1],
] as const;

/** `2026-01-31 12:00:00 UTC` of an RFC 3339 time. */
export function timeWords(rfc3339: string): string {
  return rfc3339.replace("T", " ").replace("Z", " UTC");
}

/** A count with its thousands set apart. */
export function countWords(count: number): string {
  return count.toLocaleString("en");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
