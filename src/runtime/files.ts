import { mkdirSync, rmSync, writeSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import type { Random } from "./random.ts";

/** The file system calls of this program. */
export type Files = Pick<
  typeof fs,
  "link" | "mkdir" | "open" | "readFile" | "readdir" | "rename" | "rm" | "stat" | "writeFile"
>;

/** The file system of this machine. */
export const systemFiles: Files = fs;

/** Writes bytes to an open descriptor, and returns how many were written. Throws a system error. */
export function writeNow(descriptor: number, bytes: Uint8Array): number {
  return writeSync(descriptor, bytes);
}

/** Makes a private folder in `parent` and returns its path. */
export function makeFolderNow(parent: string, name: string): string {
  const folder = path.join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Removes a folder and its content, ignoring errors. Synchronous, because an exiting process does not wait for promises. */
export function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The process is exiting: nothing can handle the error.
  }
}

/** Reads a text file. Resolves with undefined if it does not exist; rejects for any other error. */
export async function readIfPresent(files: Files, file: string): Promise<string | undefined> {
  try {
    return await files.readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Replaces the content of a file. A crash or a power cut at any moment leaves the old content or the new: writes a temporary
 * file (mode 0600), then fsync, rename, and fsync of the folder. If it rejects, the new content counts as not saved, even if
 * it is already visible.
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

/** Makes the folder and its parents, private to this user. Resolves when their names are on the disk. */
export async function makeFolder(files: Files, folder: string): Promise<void> {
  const first = await makeWithParents(files, path.resolve(folder));
  if (first === undefined) return syncExistingName(files, path.resolve(folder));
  const top = path.resolve(first);
  for (let made = path.resolve(folder); made.length >= top.length; made = path.dirname(made)) {
    await syncFolder(files, path.dirname(made));
  }
}

/**
 * Returns the topmost folder that it made, or undefined if all existed. Replaces Node's recursive `mkdir`, which loops forever
 * on a file system that answers ENOENT inside an existing folder, such as /proc.
 */
async function makeWithParents(files: Files, folder: string): Promise<string | undefined> {
  try {
    await files.mkdir(folder, { mode: 0o700 });
    return folder;
  } catch (error) {
    const code = errorCode(error);
    // Some file systems report another error than EEXIST for an existing folder.
    if (code !== "ENOENT" && (await isFolder(files, folder))) return undefined;
    if (code !== "ENOENT" || path.dirname(folder) === folder) throw error;
  }
  const first = await makeWithParents(files, path.dirname(folder));
  await files.mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another process may have made it in the meantime.
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

/** The process that made an existing folder may have been killed before it synced the name. */
async function syncExistingName(files: Files, folder: string): Promise<void> {
  try {
    await syncFolder(files, path.dirname(folder));
  } catch (error) {
    // We cannot have made a folder inside one that we may not open or write.
    if (!["EACCES", "EPERM", "EROFS", "EINVAL"].includes(errorCode(error) ?? "")) throw error;
  }
}

/** Rejects with the system error if no file can be written in the folder. */
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

/** Removes the temporary files that `replaceDurably` leaves in a killed process. */
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
  await files.writeFile(file, text, { flag: "wx", mode: 0o600, flush: true });
}

async function syncFolder(files: Files, folder: string): Promise<void> {
  const handle = await files.open(folder, "r");
  // Not `await using`: when sync and close both fail, its SuppressedError has no code.
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
