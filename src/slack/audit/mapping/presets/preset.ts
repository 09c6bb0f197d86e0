import type { AnyValue } from "@opentelemetry/api";

/** Attributes by name. */
export type RecordAttributes = Record<string, AnyValue>;

/** The names of an attribute in a vocabulary: one, or several that all get the value. */
export type Rename = (name: string) => readonly string[];

/** An action as a preset classifies it. */
export interface ClassifiedAction {
  readonly action: string;
  readonly category: string;
  readonly severityNumber: number;
}

/** One of the vocabularies that attributes can be in. */
export interface Preset {
  /** Translates an attribute's name in OpenTelemetry's vocabulary. */
  readonly rename: Rename;
  /** The attributes that follow from the action. */
  readonly classify: (action: ClassifiedAction) => RecordAttributes;
  /** The attribute that holds the entry's time in milliseconds, if there is one. */
  readonly time?: string;
}
