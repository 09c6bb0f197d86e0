import type { Acknowledged, Checkpoints, Grants } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Report } from "../runtime/events.ts";
import { errorCode, type Files, makeFolder, removeTemporaries } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { openCheckpoints } from "./checkpoints.ts";
import { loadEncryptionKey } from "./encryption-key.ts";
import { openGrants } from "./grants.ts";
import { acquireLock, askHolder } from "./lock.ts";
import { StateError } from "./state-error.ts";

/** Which folder, and the world around it. */
export interface StateOptions {
  readonly directory: string;
  /** 32 bytes in base64; empty for the one kept in the folder. */
  readonly encryptionKey: string;
  /** What a second daemon is told about this one. */
  readonly holder: string;
  readonly files: Files;
  readonly random: Random;
  readonly clock: Clock;
  readonly report: Report;
}

/** The open state folder, which is this process's alone until it is closed. */
export interface State {
  readonly checkpoints: Checkpoints & Acknowledged;
  readonly grants: Grants;
  close(): Promise<void>;
}

/** How long a checkpoint that could not be written for a reason that a person must mend waits. */
const PROBE_MS = 10_000;

/** Opens the folder, making it where there is none. Rejects with `StateError` or `LockedError`. */
export async function openState(options: StateOptions): Promise<State> {
  const { directory, files } = options;
  try {
    await makeFolder(files, directory);
  } catch (error) {
    throw new StateError(
      `Cannot make state folder "${directory}": ${errorCode(error) ?? String(error)}; set state.directory to one that this user can write`,
    );
  }
  const release = await acquireLock(directory, options);
  try {
    await removeTemporaries(files, directory);
    return { ...(await openFiles(options, { make: true })), close: release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Reads the folder without taking it, for looking only; a daemon may hold it, and then `holder` says which. */
export async function readState(options: StateOptions): Promise<Omit<State, "close"> & { holder: string | undefined }> {
  return { ...(await openFiles(options, { make: false })), holder: await askHolder(options.directory, options.files) };
}

async function openFiles(options: StateOptions, { make }: { make: boolean }): Promise<Omit<State, "close">> {
  const { directory, encryptionKey, files, random, clock, report } = options;
  const key = await loadEncryptionKey(directory, { configured: encryptionKey, make, files, random });
  const grants = await openGrants(directory, { files, random, report, key });
  const patience = { clock, random, report, probeMs: PROBE_MS };
  const checkpoints = await openCheckpoints(directory, { files, random, report, patience });
  return { checkpoints, grants };
}
