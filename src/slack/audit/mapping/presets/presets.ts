import { ecs } from "./ecs.ts";
import { ocsf } from "./ocsf.ts";
import type { Preset } from "./preset.ts";

/** The names of the presets, as in the configuration. */
export type PresetName = "otel" | "ecs" | "ocsf";

/** The presets by name. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  otel: { rename: (name) => [name], classify: () => ({}) },
  ecs,
  ocsf,
};
