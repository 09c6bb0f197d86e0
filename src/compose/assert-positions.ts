import path from "node:path";
import type { Config } from "../config/config.ts";
import type { Checkpoints } from "../model.ts";
import { PositionError, positionFromJson } from "../slack/audit/walk/position.ts";
import { checkpointsRemedy } from "../state/checkpoints.ts";
import { StateError } from "../state/state-error.ts";

/** A position that is none stops the start: to begin anew without a word would be to lose what lies between. */
export function assertPositions(
  { sources, state: { directory } }: Config,
  { checkpoints }: { readonly checkpoints: Checkpoints },
): void {
  for (const { name } of sources) {
    const stored = checkpoints.load(name);
    if (stored === undefined) continue;
    try {
      positionFromJson(stored);
    } catch (error) {
      if (!(error instanceof PositionError)) throw error;
      const file = path.join(directory, "checkpoints.json");
      const what = `Cannot read position of source "${name}" in "${file}": ${error.why}`;
      throw new StateError(what, checkpointsRemedy(file));
    }
  }
}
