import path from "node:path";
import { errorCode, type Files } from "../runtime/files.ts";

/** The file system and the groups of this process. */
export interface LooseFilesOptions {
  readonly files: Files;
  /** Access of these groups is not loose: a volume in Kubernetes belongs to `fsGroup`. */
  readonly groups: readonly number[];
}

/** The remedy for loose files. */
export const LOOSE_REMEDY = "run chmod -R go= on the state folder";

/**
 * Lists files that other users may read or write, and the folder if they may write to it. Each with its mode, such as
 * `/state/encryption.key (0644)`. A missing folder has none.
 */
export async function listLooseFiles(
  directory: string,
  { files, groups }: LooseFilesOptions,
): Promise<readonly string[]> {
  const loose: string[] = [];
  const check = async (file: string, forbidden: number) => {
    const { mode, gid } = await files.stat(file);
    const others = groups.includes(gid) ? 0o007 : 0o077;
    if ((mode & forbidden & others) !== 0) loose.push(`${file} (0${(mode & 0o777).toString(8).padStart(3, "0")})`);
  };
  try {
    await check(directory, 0o022);
    for (const entry of await files.readdir(directory, { withFileTypes: true })) {
      if (entry.isFile()) await check(path.join(directory, entry.name), 0o066);
    }
  } catch (error) {
    // A file may be removed meanwhile.
    if (errorCode(error) !== "ENOENT") throw error;
  }
  return loose.sort();
}
