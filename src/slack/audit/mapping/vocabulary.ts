import type { UnknownNameKind } from "../../../model.ts";
import type { Preset } from "./presets/preset.ts";

/** A name that Slack uses and the tables do not have. */
export interface UnknownName {
  readonly kind: UnknownNameKind;
  readonly name: string;
}

/** Reports an unknown name. Must not throw, and must be fast: the same name may be reported again. */
export type ReportUnknown = (kind: UnknownName["kind"], name: string) => void;

/** The preset that the operator chose, and where unknown names are reported. */
export interface Vocabulary extends Preset {
  readonly reportUnknown: ReportUnknown;
}
