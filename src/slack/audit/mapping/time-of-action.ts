/**
 * When an act happened that an entry tells of later, as RFC 3339: `action_timestamp` is in microseconds at Slack
 * (docs.slack.dev/reference/audit-logs-api/anomalous-events-reference), in milliseconds in other records of it; its size tells.
 * Undefined where it is no time.
 */
export function timeOfAction(timestamp: unknown): string | undefined {
  const digits = typeof timestamp === "number" ? String(timestamp) : timestamp;
  if (typeof digits !== "string" || !/^\d{9,19}$/.test(digits)) return undefined;
  // Seconds have up to 11 digits; each unit that follows has three more.
  const fraction = Math.ceil(Math.max(0, digits.length - 11) / 3) * 3;
  const seconds = new Date(Number(digits.slice(0, digits.length - fraction)) * 1_000).toISOString().slice(0, 19);
  return fraction > 0 ? `${seconds}.${digits.slice(-fraction)}Z` : `${seconds}Z`;
}
