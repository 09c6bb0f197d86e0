import { errorCode } from "../runtime/files.ts";

/** Why a file cannot be read, in words without the file's name. */
export function whyUnreadable(error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
      return "permission is denied";
    case "EISDIR":
      return "it is a folder";
    default:
      return `reading failed${code ? ` (${code})` : ""}`;
  }
}
