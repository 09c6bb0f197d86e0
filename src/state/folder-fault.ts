import { describeFileError } from "../runtime/describe-file-error.ts";
import { StateError } from "./state-error.ts";

/** Turns an error of the file system into a `StateError`; any other error comes back as it is. */
export function folderFault(
  error: unknown,
  { doing, directory, uid }: { doing: string; directory: string; uid: number | undefined },
): unknown {
  if (error instanceof StateError) return error;
  const elsewhere = "set state.directory to another folder";
  const fault = describeFileError(error, { path: directory, uid, elsewhere });
  return fault ? new StateError(`${doing}: ${fault.why}`, fault.remedy) : error;
}
