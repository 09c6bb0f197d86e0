import path from "node:path";
import type { Config } from "../config/config.ts";
import type { Report } from "../events.ts";
import type { Checkpoints } from "../model.ts";
import { positionFromJson } from "../slack/audit/walk/position.ts";
import { checkpointsRemedy } from "../state/checkpoints.ts";
import { openState, readState, type State, type StateOptions } from "../state/state.ts";
import { StateError } from "../state/state-error.ts";
import type { Host } from "./host.ts";

/** Opens and locks the state folder of the configuration. Rejects with `StateError` or `LockedError`. */
export async function openConfiguredState(config: Config, host: Host, report: Report): Promise<State> {
  const state = await openState(stateOptions(config, host, report));
  try {
    assertPositions(config, state);
    return state;
  } catch (error) {
    await state.close();
    throw error;
  }
}

/** Reads the state folder of the configuration without locking it: a daemon may be using it. */
export async function readConfiguredState(
  config: Config,
  host: Host,
  report: Report,
): Promise<Awaited<ReturnType<typeof readState>>> {
  const state = await readState(stateOptions(config, host, report));
  assertPositions(config, state);
  return state;
}

function stateOptions({ state }: Config, host: Host, report: Report): StateOptions {
  const { uid, groups, holder, files, random, clock } = host;
  const { directory, encryptionKey } = state;
  return { directory, encryptionKey, uid, groups, holder, files, random, clock, report };
}

/** Throws `StateError` for a damaged position. Starting without one would skip entries without a word. */
function assertPositions(
  { sources, state: { directory } }: Config,
  { checkpoints }: { readonly checkpoints: Checkpoints },
): void {
  for (const { name } of sources) {
    const stored = checkpoints.load(name);
    if (stored === undefined) continue;
    try {
      positionFromJson(stored);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const file = path.join(directory, "checkpoints.json");
      const why = error.message.replace("Cannot read the position: ", "");
      throw new StateError(`Cannot read position of source "${name}" in "${file}": ${why}`, checkpointsRemedy(file));
    }
  }
}
