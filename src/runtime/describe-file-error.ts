import { errorCode } from "./files.ts";

/** A file system error in words, and what a person can do. */
export interface FileErrorDescription {
  readonly why: string;
  readonly remedy: string;
}

/** What the remedy names. */
export interface FileErrorOptions {
  /** The file or folder. */
  readonly path: string;
  /** The user of this process, on systems that number users. */
  readonly uid?: number | undefined;
  /** How to use another place: `set state.directory to another folder`. */
  readonly elsewhere: string;
}

/** Describes a file system error (errno(3)). Returns undefined for any other error, such as a bug. */
export function describeFileError(error: unknown, options: FileErrorOptions): FileErrorDescription | undefined {
  const code = errorCode(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  const why = WORDS[code] ?? "the system call failed";
  return { why: `${why} (${code})`, remedy: remedyOf(code, options) };
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is too large",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file and not a folder",
  EEXIST: "it is a file and not a folder",
  EISDIR: "it is a folder and not a file",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "the symbolic links lead in a circle",
  EIO: "the device reports an input/output error",
  EMFILE: "this process has too many open files",
  ENFILE: "the system has too many open files",
  ENOMEM: "the system has no memory left",
  ESTALE: "the network file system has lost the file",
  ENXIO: "the device is not there",
  ENODEV: "the device is not there",
  EBUSY: "the file is in use",
  ETIMEDOUT: "the file system does not answer",
  EPIPE: "nobody reads it any more",
};

function remedyOf(code: string, { path, uid, elsewhere }: FileErrorOptions): string {
  switch (code) {
    case "EACCES":
    case "EPERM": {
      const owner = uid === undefined ? "give this user the right to read and write it" : chownOf(uid, path);
      return `${owner}, or ${elsewhere}`;
    }
    case "EROFS":
      return `mount a volume there that can be written, or ${elsewhere}`;
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return `make room, or ${elsewhere}`;
    case "ENOENT":
      return `make it, or ${elsewhere}`;
    case "ENOTDIR":
    case "EEXIST":
    case "EISDIR":
    case "ENAMETOOLONG":
    case "ELOOP":
      return elsewhere;
    case "EMFILE":
    case "ENFILE":
      return "raise the limit on open files (ulimit -n)";
    default:
      return `check the disk and its mount, or ${elsewhere}`;
  }
}

function chownOf(uid: number, path: string): string {
  return `this user is ${uid}: run chown -R ${uid} ${JSON.stringify(path)}`;
}
