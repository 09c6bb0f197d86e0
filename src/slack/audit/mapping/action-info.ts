import { findAction } from "./actions.ts";
import { createAttributeSetter } from "./attribute-setter.ts";
import { categoryOf } from "./category.ts";
import { memoize } from "./memoize.ts";
import type { RecordAttributes } from "./presets/preset.ts";
import { createSeverity } from "./severity.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The fields of a record that follow from the entry's action. */
export interface ActionInfo {
  readonly severityNumber: number;
  /** Undefined where the action has characters or a length that no name has. */
  readonly eventName: string | undefined;
  readonly attributes: Readonly<RecordAttributes>;
}

/** The options that the fields depend on. */
export interface ActionInfoOptions {
  readonly severity: readonly (readonly [pattern: string, severityNumber: number])[];
  /** Adds the action's description. */
  readonly description: boolean;
  readonly vocabulary: Vocabulary;
}

/** Gives the fields of an action. */
export type ActionInfoOf = (action: string) => ActionInfo;

/** Makes the function that gives the fields of an action, and reports actions that are not in the table. */
export function createActionInfo({ severity, description, vocabulary }: ActionInfoOptions): ActionInfoOf {
  const { rename, reportUnknown, classify } = vocabulary;
  const severityOf = createSeverity(severity);
  const setters = ["action", "category", "description"].map((key) =>
    createAttributeSetter(`slack.audit.${key}`, rename),
  );
  return memoize((action) => {
    const known = findAction(action);
    if (!known && action !== "") reportUnknown("action", action);
    const category = categoryOf(action);
    const severityNumber = severityOf(action);
    const attributes: RecordAttributes = {};
    const values = [action, category, description ? known?.description : undefined];
    for (const [index, set] of setters.entries()) set(attributes, values[index]);
    return {
      severityNumber,
      eventName: /^[\w.-]{1,200}$/.test(action) ? `slack.audit.${action}` : undefined,
      attributes: { ...attributes, ...classify({ action, category, severityNumber }) },
    };
  });
}
