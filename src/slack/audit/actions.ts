import table from "./action-table.json" with { type: "json" };

/** What is known of an action. */
export interface Action {
  readonly name: string;
  /** Its group in Slack's own `GET /audit/v1/actions`. */
  readonly category: string;
  readonly severity: "INFO" | "WARN";
  /** What has happened, in a few words. */
  readonly description: string;
}

/** Every action that Slack is known to log: those of its `/actions`, and those that only its documentation names. */
export const actions: readonly Action[] = table.map(([name = "", category = "", severity = "", description = ""]) => ({
  name,
  category,
  severity: severity === "WARN" ? "WARN" : "INFO",
  description,
}));

/** The groups of Slack's actions, and `other`. */
export const categories: readonly string[] = [...new Set(actions.map(({ category }) => category)), "other"];

/** The names of the actions that are known. */
export const knownActions: readonly string[] = actions.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, Action> = new Map(actions.map((action) => [action.name, action]));

/** What is known of an action; undefined where Slack has added it since. */
export function findAction(name: string): Action | undefined {
  return BY_NAME.get(name);
}
