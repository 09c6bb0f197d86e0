import path from "node:path";
import { errorCode, type Files, readIfPresent, replaceDurably } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { StateError } from "./state-error.ts";

const KEY_BYTES = 32;

/** The key of the grants: the configured one, else the one in the folder, which `make` makes at the first start. */
export async function loadEncryptionKey(
  directory: string,
  { configured, make, files, random }: { configured: string; make: boolean; files: Files; random: Random },
): Promise<Buffer> {
  if (configured !== "") return Buffer.from(configured, "base64");
  const file = path.join(directory, "encryption.key");
  try {
    const stored = await readIfPresent(files, file);
    if (stored === undefined) return make ? await makeKey(file, { files, random }) : Buffer.alloc(KEY_BYTES);
    const key = Buffer.from(stored.trim(), "base64");
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    throw new StateError(
      `Cannot use encryption key "${file}": ${errorCode(error) ?? String(error)}; give this user the right to read and write the folder`,
    );
  }
  throw new StateError(
    `Cannot use encryption key "${file}": it does not hold 32 bytes in base64; restore it from a backup, or move it and grants.json away and authorize again`,
  );
}

async function makeKey(file: string, io: { files: Files; random: Random }): Promise<Buffer> {
  const key = io.random.bytes(KEY_BYTES);
  await replaceDurably(file, `${key.toString("base64")}\n`, io);
  return key;
}
