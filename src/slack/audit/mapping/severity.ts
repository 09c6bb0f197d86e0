import { findAction } from "./actions.ts";
import { actionMatcher } from "./glob.ts";

/** Detections, failures and blocks among actions that the table does not have yet. */
const WARN_PATTERNS = [
  "*anomaly",
  "*_failed",
  "*_failure",
  "*.failure",
  "*_blocked",
  "*_blocked_by_*",
  "*_denied",
  "*malicious*",
  "*malware*",
  "*suspicious*",
  "*compromised*",
  "*_bypassed",
  "*dlp_*_applied",
] as const;

/** The smallest severity number of each range (OpenTelemetry log data model, "Severity Fields"). */
const NUMBERS = { INFO: 9, WARN: 13 };

/** Makes the function from action to severity number. The first override that matches wins over the table. */
export function createSeverity(overrides: readonly (readonly [pattern: string, severity: number])[]) {
  const rules = overrides.map(([pattern, severity]) => ({ matches: actionMatcher(pattern), severity }));
  const warned = WARN_PATTERNS.map(actionMatcher);
  return (action: string): number => {
    const rule = rules.find(({ matches }) => matches(action));
    if (rule) return rule.severity;
    const known = findAction(action);
    if (known) return NUMBERS[known.severity];
    return warned.some((matches) => matches(action)) ? NUMBERS.WARN : NUMBERS.INFO;
  };
}
