import { describeFileError } from "../runtime/describe-file-error.ts";

/** The state cannot be used as it is. The program ends with exit code 78. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly what: string;
  /** What a person can do. */
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(`${what}; ${remedy}`);
    this.what = what;
    this.remedy = remedy;
  }
}

/** Turns a file system error into a `StateError`. Returns any other error unchanged. */
export function toStateError(
  error: unknown,
  { doing, directory, uid }: { doing: string; directory: string; uid: number | undefined },
): unknown {
  if (error instanceof StateError) return error;
  const elsewhere = "set state.directory to another folder";
  const described = describeFileError(error, { path: directory, uid, elsewhere });
  return described ? new StateError(`${doing}: ${described.why}`, described.remedy) : error;
}
