import path from "node:path";
import type { SetupKeys } from "../model.ts";
import { errorCode, type Files, readIfPresent, replaceDurably } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { StateError } from "./state-error.ts";

/** Stores the keys of open setups in `setup-<source>.key`, mode 0600. A user who can read the folder can use the setup. */
export function createSetupKeys(directory: string, io: { files: Files; random: Random }): SetupKeys {
  const fileOf = (source: string) => path.join(directory, `setup-${source}.key`);
  const attempt = async <Value>(what: string, source: string, work: () => Promise<Value>) => {
    try {
      return await work();
    } catch (error) {
      const why = errorCode(error) ?? String(error);
      throw new StateError(
        `Cannot ${what} setup key "${fileOf(source)}": ${why}`,
        "use the user that runs the receiver, and give it room and the right to read and write the folder",
      );
    }
  };
  return {
    load: (source) =>
      attempt("read", source, async () => (await readIfPresent(io.files, fileOf(source)))?.trim() || undefined),
    save: (source, key) => attempt("write", source, () => replaceDurably(fileOf(source), `${key}\n`, io)),
    remove: (source) => attempt("remove", source, () => io.files.rm(fileOf(source), { force: true })),
  };
}
