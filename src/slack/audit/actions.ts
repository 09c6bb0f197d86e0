import table from "./actions.json" with { type: "json" };
import { globMatcher } from "./glob.ts";

const CATEGORY = new Map(Object.entries(table).flatMap(([category, names]) => names.map((name) => [name, category])));

/** No beginning beyond it can be that of a known action. */
const LONGEST_ACTION = Math.max(...[...CATEGORY.keys()].map((action) => action.length));

/** The groups of Slack's own `GET /audit/v1/actions`, and `other`. */
export const categories: readonly string[] = [...Object.keys(table), "other"];

/** Every action that Slack is known to log. */
export const knownActions: readonly string[] = [...CATEGORY.keys()];

/**
 * The group that an action belongs to. A new action falls to where most known ones with the same beginning are, the longest
 * beginning first; `other` where none begins so.
 */
export function categoryOf(action: string): string {
  const known = CATEGORY.get(action);
  if (known) return known;
  for (let end = lastBreak(action, LONGEST_ACTION); end > 0; end = lastBreak(action, end)) {
    const category = categoryOfPrefix(action.slice(0, end + 1));
    if (category) return category;
  }
  return "other";
}

/** Detections, failures and blocks: what an analyst wants to see first. The operator's table goes before it. */
const WARN_ACTIONS = [
  "anomaly",
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
  "native_dlp_rule_action_applied",
  "user_password_reset_slack_security",
  "user_sessions_reset_by_anomaly_event_response",
] as const;

const INFO = 9;
const WARN = 13;

/** Makes the function from action to severity number; the first of the operator's patterns that fits counts. */
export function createSeverity(overrides: readonly (readonly [pattern: string, severity: number])[]) {
  const rules = [...overrides, ...WARN_ACTIONS.map((pattern) => [pattern, WARN] as const)].map(
    ([pattern, severity]) => ({ matches: globMatcher(pattern), severity }),
  );
  const decided = new Map<string, number>();
  return (action: string): number => {
    const known = decided.get(action);
    if (known !== undefined) return known;
    const severity = rules.find(({ matches }) => matches(action))?.severity ?? INFO;
    // Actions are a few hundred words; the bound only keeps a hostile stream from filling the memory.
    if (decided.size < 10_000) decided.set(action, severity);
    return severity;
  };
}

const prefixes = new Map<string, string>();

function categoryOfPrefix(prefix: string): string | undefined {
  if (prefixes.size === 0) for (const [beginning, category] of commonestByPrefix()) prefixes.set(beginning, category);
  return prefixes.get(prefix);
}

function commonestByPrefix(): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const [action, category] of CATEGORY) {
    for (let end = lastBreak(action, action.length); end > 0; end = lastBreak(action, end)) {
      const prefix = action.slice(0, end + 1);
      const byCategory = counts.get(prefix) ?? counts.set(prefix, new Map()).get(prefix);
      byCategory?.set(category, (byCategory.get(category) ?? 0) + 1);
    }
  }
  return new Map([...counts].map(([prefix, byCategory]) => [prefix, commonest(byCategory)]));
}

function commonest(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ["other", 0] as [string, number])[0];
}

/** The last `_` or `.` before `end`: the words of an action are parted by them. */
function lastBreak(action: string, end: number): number {
  return Math.max(action.lastIndexOf("_", end - 1), action.lastIndexOf(".", end - 1));
}
