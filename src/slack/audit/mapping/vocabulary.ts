import type { Novelty } from "../../../runtime/events.ts";
import type { RecordAttributes, Rename } from "./put.ts";

/** Takes what is new; must not throw, and must be fast, for it is told of the same thing more than once. */
export type NoticeNew = (kind: Novelty, name: string) => void;

/** What an action is, for the attributes that a preset derives from it. */
export interface ClassifiedAction {
  readonly action: string;
  readonly category: string;
  readonly severityNumber: number;
}

/** The attributes' names and what is derived in one of the vocabularies that records can be in. */
export interface Preset {
  /** An attribute of OpenTelemetry's vocabulary under its names in this one. */
  readonly rename: Rename;
  /** Attributes that follow from the action. */
  readonly classify: (action: ClassifiedAction) => RecordAttributes;
  /** The attribute that holds the entry's time in milliseconds, where there is one. */
  readonly time?: string;
}
