import type { Report } from "../events.ts";
import type { Acknowledged, Checkpoints, SetupKeys } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { type Files, makeFolder, removeTemporaries } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { openCheckpoints } from "./checkpoints.ts";
import { loadEncryptionKeys } from "./encryption-key.ts";
import { folderFault } from "./folder-fault.ts";
import { openGrants, type StoredGrants } from "./grants.ts";
import { acquireLock, askHolder } from "./lock.ts";
import { LOOSE_REMEDY, listLooseFiles } from "./loose-files.ts";
import { createSetupKeys } from "./setup-keys.ts";

/** Which folder, and the world around it. */
export interface StateOptions {
  readonly directory: string;
  /** Keys as `id:base64` or base64, the first of which seals; empty for the one kept in the folder. */
  readonly encryptionKey: string;
  readonly uid?: number | undefined;
  readonly groups?: readonly number[];
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
  readonly grants: StoredGrants;
  readonly setupKeys: SetupKeys;
  close(): Promise<void>;
}

/** How long a checkpoint that could not be written for a reason that a person must mend waits. */
const PROBE_MS = 10_000;

/** Opens the folder, making it where there is none. Rejects with `StateError` or `LockedError`. */
export async function openState(options: StateOptions): Promise<State> {
  const { directory, files, uid, groups = [], report } = options;
  const doing = `Cannot use state folder "${directory}"`;
  let release = async () => {};
  try {
    await makeFolder(files, directory);
    release = await acquireLock(directory, options);
    await removeTemporaries(files, directory);
    const { grants, ...state } = await openFiles(options, { make: true });
    await grants.reseal();
    const loose = await listLooseFiles(directory, { files, groups });
    if (loose.length > 0) report({ event: "permissions_loose", files: loose, remedy: LOOSE_REMEDY });
    return { ...state, grants, close: release };
  } catch (error) {
    await release().catch(() => {});
    throw folderFault(error, { doing, directory, uid });
  }
}

/** Reads the folder without taking it, for looking only; a daemon may hold it, and then `holder` says which. */
export async function readState(options: StateOptions): Promise<Omit<State, "close"> & { holder: string | undefined }> {
  const { directory, files, uid } = options;
  try {
    return { ...(await openFiles(options, { make: false })), holder: await askHolder(directory, files) };
  } catch (error) {
    throw folderFault(error, { doing: `Cannot read state folder "${directory}"`, directory, uid });
  }
}

async function openFiles(
  options: StateOptions,
  { make }: { make: boolean },
): Promise<Omit<State, "close"> & { grants: StoredGrants }> {
  const { directory, encryptionKey, files, random, clock, report, uid } = options;
  const keys = await loadEncryptionKeys(directory, { configured: encryptionKey, make, files, random, uid });
  const grants = await openGrants(directory, { files, random, report, uid, keys });
  const retryPolicy = { clock, random, report, probeMs: PROBE_MS };
  const checkpoints = await openCheckpoints(directory, { files, random, report, uid, retryPolicy });
  return { checkpoints, grants, setupKeys: createSetupKeys(directory, { files, random }) };
}
