import path from "node:path";
import { errorCode, type Files } from "../runtime/files.ts";

/** What looking for loose files takes. */
export interface LooseFilesOptions {
  readonly files: Files;
  /** The groups of this process: what they may read is not loose (a volume in Kubernetes belongs to `fsGroup`). */
  readonly groups: readonly number[];
}

/** What sets the folder right. */
export const LOOSE_REMEDY = "run chmod -R go= on the state folder";

/**
 * Lists what other users of the machine may read or write: files that they can read, and a folder in which they can
 * replace files. Each with its mode, such as `/state/encryption.key (0644)`. Empty where there is no folder.
 */
export async function listLooseFiles(
  directory: string,
  { files, groups }: LooseFilesOptions,
): Promise<readonly string[]> {
  const loose: string[] = [];
  const look = async (file: string, forbidden: number) => {
    const { mode, gid } = await files.stat(file);
    const foreign = groups.includes(gid) ? 0o007 : 0o077;
    if ((mode & forbidden & foreign) !== 0) loose.push(`${file} (0${(mode & 0o777).toString(8).padStart(3, "0")})`);
  };
  try {
    await look(directory, 0o022);
    for (const { name } of (await files.readdir(directory, { withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    )) {
      await look(path.join(directory, name), 0o066);
    }
  } catch (error) {
    // A file may go while it is looked at.
    if (errorCode(error) !== "ENOENT") throw error;
  }
  return loose.sort();
}
