/** What is asked for beyond it is nothing that anybody means, or a date read by a clock that is years off. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * How long a `Retry-After` header asks to wait: whole seconds or an HTTP date (RFC 9110 §10.2.3), never less than a
 * second, since a zero would have us knock in a tight loop, and never more than an hour. Undefined where there is none that
 * can be understood. A date is read by the sender's clock, the answer's `Date` header, and only where that is missing by
 * ours, `now`.
 */
export function retryAfterMs(header: Header, now: number, date?: Header): number | undefined {
  const text = first(header);
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : msUntil(Date.parse(text), { now, date });
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1_000), LONGEST_WAIT_MS);
}

type Header = string | string[] | undefined;

function msUntil(ms: number, { now, date }: { now: number; date: Header }): number {
  const sendersNow = Date.parse(first(date) ?? "");
  return Number.isNaN(sendersNow) ? ms - now : ms - sendersNow;
}

function first(header: Header): string | undefined {
  return (Array.isArray(header) ? header[0] : header)?.trim();
}
