import { mkdirSync, rmSync, writeSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import type { Random } from "./random.ts";

/** The calls on the file system that this program makes; tests hand in ones that fail. */
export type Files = Pick<typeof fs, "link" | "mkdir" | "open" | "readFile" | "readdir" | "rename" | "rm" | "stat">;

/** The machine's own files. */
export const systemFiles: Files = fs;

/** Writes some of the bytes to an open descriptor and returns how many. Throws a system error. */
export function writeNow(descriptor: number, bytes: Uint8Array): number {
  return writeSync(descriptor, bytes);
}

/** Makes a private folder in `parent` and returns its path. */
export function makeFolderNow(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Removes a folder with all that is in it, as far as it can: the end of the process does not wait for promises. */
export function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Nobody is left to be told.
  }
}

/** The content of a text file, or undefined where there is none. Any other fault rejects. */
export async function readIfPresent(files: Files, file: string): Promise<string | undefined> {
  try {
    return await files.readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Puts `text` in the place of `file` so that a crash or a power cut at any moment leaves either the old content or the new:
 * a temporary file of its own name (mode 0600 from the start), write, fsync, rename, fsync of the folder. When it rejects,
 * the new content must be taken for not saved, even where it is already visible.
 */
export async function replaceDurably(file: string, text: string, io: { files: Files; random: Random }): Promise<void> {
  const temporary = path.join(path.dirname(file), temporaryName(path.basename(file), io.random));
  try {
    await writeNewFile(io.files, temporary, text);
    await io.files.rename(temporary, file);
  } catch (error) {
    await io.files.rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(io.files, path.dirname(file));
}

/** Makes the folder, private to this user, and those above it; returns once their names are on the disk. */
export async function makeFolder(files: Files, folder: string): Promise<void> {
  const first = await makeWithParents(files, path.resolve(folder));
  if (first === undefined) return syncOldName(files, path.resolve(folder));
  const top = path.resolve(first);
  for (let made = path.resolve(folder); made.length >= top.length; made = path.dirname(made)) {
    await syncFolder(files, path.dirname(made));
  }
}

/**
 * Returns the topmost folder that it made; undefined where all were there. The recursive `mkdir` of Node never ends where a
 * file system answers ENOENT below a folder that is there, as /proc does.
 */
async function makeWithParents(files: Files, folder: string): Promise<string | undefined> {
  try {
    await files.mkdir(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    const code = errorCode(error);
    // Some file systems tell of their own fault before they tell that the folder is there.
    if (code !== "ENOENT" && (await isFolder(files, folder))) return undefined;
    if (code !== "ENOENT" || path.dirname(folder) === folder) throw error;
  }
  const first = await makeWithParents(files, path.dirname(folder));
  await files.mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another process may have made it meanwhile.
    if (errorCode(error) !== "EEXIST" || !(await isFolder(files, folder))) throw error;
  });
  return first ?? folder;
}

async function isFolder(files: Files, folder: string): Promise<boolean> {
  return files.stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A folder that is there already may be of a process that was hardStop before it could sync the name. */
async function syncOldName(files: Files, folder: string): Promise<void> {
  try {
    await syncFolder(files, path.dirname(folder));
  } catch (error) {
    // What we may not open or write is not where we made something.
    if (!["EACCES", "EPERM", "EROFS", "EINVAL"].includes(errorCode(error) ?? "")) throw error;
  }
}

/** Rejects with the system's error where no file can be written in the folder. */
export async function proveWritable(
  folder: string,
  { files, random }: { files: Files; random: Random },
): Promise<void> {
  const file = path.join(folder, temporaryName("probe", random));
  try {
    await writeNewFile(files, file, "written to see whether it can be\n");
  } finally {
    await files.rm(file, { force: true }).catch(() => {});
  }
}

/** Removes what a hardStop process left of `replaceDurably`. */
export async function removeTemporaries(files: Files, folder: string): Promise<void> {
  for (const name of await files.readdir(folder)) {
    if (TEMPORARY.test(name)) await files.rm(path.join(folder, name), { force: true });
  }
}

/** The `code` of a system error, such as `ENOSPC`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const TEMPORARY = /^\..+\.[0-9a-f]{16}\.tmp$/;

function temporaryName(name: string, random: Random): string {
  return `.${name}.${random.bytes(8).toString("hex")}.tmp`;
}

async function writeNewFile(files: Files, file: string, text: string): Promise<void> {
  const handle = await files.open(file, "wx", 0o600);
  try {
    // writeFile goes on after a short write; a single write would leave half a file and call it saved.
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(files: Files, folder: string): Promise<void> {
  const handle = await files.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
