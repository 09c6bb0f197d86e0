import { ecs } from "./ecs.ts";
import { ocsf } from "./ocsf.ts";
import type { Preset } from "./vocabulary.ts";

/** The vocabularies that records can be in. */
export type PresetName = "otel" | "ecs" | "ocsf";

/** The vocabularies by name. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  otel: { rename: (name) => [name], classify: () => ({}) },
  ecs,
  ocsf,
};
