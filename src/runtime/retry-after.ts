/** A longer wait is a mistake, or the date of a clock that is years off. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Parses a `Retry-After` header: whole seconds or an HTTP date (RFC 9110 §10.2.3). Returns one second to one hour, since zero
 * would cause a tight loop; undefined for a missing or malformed header. A date is compared with the response's `Date`
 * header, the clock that wrote it, and without one with `now`.
 */
export function retryAfterMs(header: Header, now: number, date?: Header): number | undefined {
  const text = first(header);
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : msUntil(Date.parse(text), { now, date });
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1_000), MAX_WAIT_MS);
}

type Header = string | string[] | undefined;

function msUntil(ms: number, { now, date }: { now: number; date: Header }): number {
  const sendersNow = Date.parse(first(date) ?? "");
  return Number.isNaN(sendersNow) ? ms - now : ms - sendersNow;
}

function first(header: Header): string | undefined {
  return (Array.isArray(header) ? header[0] : header)?.trim();
}
