import type { Report } from "../events.ts";
import type { Acknowledged, Checkpoints, SetupKeys } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { type Files, makeFolder, removeTemporaries } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { openCheckpoints } from "./checkpoints.ts";
import { loadEncryptionKeys } from "./encryption-key.ts";
import { openGrants, type StoredGrants } from "./grants.ts";
import { acquireLock, askHolder } from "./lock.ts";
import { LOOSE_REMEDY, listLooseFiles } from "./loose-files.ts";
import { createSetupKeys } from "./setup-keys.ts";
import { toStateError } from "./state-error.ts";

/** The folder, this process, and the side effects. */
export interface StateOptions {
  readonly directory: string;
  /** Keys as `id:base64` or base64, of which the first encrypts; empty: the key in the folder. */
  readonly encryptionKey: string;
  readonly uid?: number | undefined;
  readonly groups?: readonly number[];
  /** How a second daemon names this one: `process 4711 on host a`. */
  readonly holder: string;
  readonly files: Files;
  readonly random: Random;
  readonly clock: Clock;
  readonly report: Report;
}

/** The open state folder. This process holds its lock until it closes it. */
export interface State {
  readonly checkpoints: Checkpoints & Acknowledged;
  readonly grants: StoredGrants;
  readonly setupKeys: SetupKeys;
  close(): Promise<void>;
}

/** The wait before a held save is tried again. */
const PROBE_MS = 10_000;

/** Opens the folder, or makes it. Rejects with `StateError` or `LockedError`. */
export async function openState(options: StateOptions): Promise<State> {
  const { directory, files, random, uid, groups = [], report, holder } = options;
  const doing = `Cannot use state folder "${directory}"`;
  let release = async () => {};
  try {
    await makeFolder(files, directory);
    release = await acquireLock(directory, { files, random, report, holder });
    await removeTemporaries(files, directory);
    const { grants, ...state } = await openFiles(options, { make: true });
    await grants.reseal();
    const loose = await listLooseFiles(directory, { files, groups });
    if (loose.length > 0) report({ event: "permissions_loose", files: loose, remedy: LOOSE_REMEDY });
    return { ...state, grants, close: release };
  } catch (error) {
    await release().catch(() => {});
    throw toStateError(error, { doing, directory, uid });
  }
}

/** Reads the folder without locking it. `holder` names the daemon that holds it, if any. */
export async function readState(options: StateOptions): Promise<Omit<State, "close"> & { holder: string | undefined }> {
  const { directory, files, uid } = options;
  try {
    return { ...(await openFiles(options, { make: false })), holder: await askHolder(directory, files) };
  } catch (error) {
    throw toStateError(error, { doing: `Cannot read state folder "${directory}"`, directory, uid });
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
