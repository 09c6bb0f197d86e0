import table from "./action-table.json" with { type: "json" };

/** An action that Slack logs. */
export interface Action {
  readonly name: string;
  /** Its group in Slack's own `GET /audit/v1/actions`. */
  readonly category: string;
  readonly severity: "INFO" | "WARN";
  /** In a few words. */
  readonly description: string;
}

/** The known actions: those of `GET /audit/v1/actions`, and those that only Slack's documentation names. */
export const actions: readonly Action[] = table.map(([name = "", category = "", severity = "", description = ""]) => ({
  name,
  category,
  severity: severity === "WARN" ? "WARN" : "INFO",
  description,
}));

/** All categories, `other` included. */
export const categories: readonly string[] = [...new Set(actions.map(({ category }) => category)), "other"];

/** The names of the known actions. */
export const knownActions: readonly string[] = actions.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, Action> = new Map(actions.map((action) => [action.name, action]));

/** Finds a known action by name. */
export function findAction(name: string): Action | undefined {
  return BY_NAME.get(name);
}
