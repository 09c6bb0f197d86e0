import path from "node:path";
import { type Files, readIfPresent, replaceDurably } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { folderFault } from "./folder-fault.ts";
import { StateError } from "./state-error.ts";

const KEY_BYTES = 32;

/** A key of the grants. */
export interface EncryptionKey {
  /** Stands beside what the key has sealed; empty for a key that was given without one. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The keys of the grants: the first seals, all of them open. */
export type EncryptionKeys = readonly [EncryptionKey, ...EncryptionKey[]];

/** What loading the keys takes. */
export interface EncryptionKeyOptions {
  /** `id:base64` or base64, separated by commas or white space; empty for the key that is kept in the folder. */
  readonly configured: string;
  /** Whether a key is made where there is none yet. */
  readonly make: boolean;
  readonly files: Files;
  readonly random: Random;
  readonly uid?: number | undefined;
}

/** The keys of the grants: the configured ones, else the one in the folder, which `make` makes at the first start. */
export async function loadEncryptionKeys(directory: string, options: EncryptionKeyOptions): Promise<EncryptionKeys> {
  const [first, ...others] = options.configured
    .split(/[\s,]+/)
    .filter((item) => item !== "")
    .map(parseKey);
  return first ? [first, ...others] : [{ id: "", key: await loadStoredKey(directory, options) }];
}

function parseKey(item: string): EncryptionKey {
  const colon = item.indexOf(":");
  return { id: item.slice(0, Math.max(colon, 0)), key: Buffer.from(item.slice(colon + 1), "base64") };
}

async function loadStoredKey(directory: string, { make, files, random, uid }: EncryptionKeyOptions): Promise<Buffer> {
  const file = path.join(directory, "encryption.key");
  try {
    const stored = await readIfPresent(files, file);
    if (stored === undefined) return make ? await makeKey(file, { files, random }) : Buffer.alloc(KEY_BYTES);
    const key = Buffer.from(stored.trim(), "base64");
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    throw folderFault(error, { doing: `Cannot use encryption key "${file}"`, directory, uid });
  }
  throw new StateError(
    `Cannot use encryption key "${file}": it does not hold 32 bytes in base64`,
    "restore it from a backup, or move it and grants.json away and authorize again",
  );
}

async function makeKey(file: string, io: { files: Files; random: Random }): Promise<Buffer> {
  const key = io.random.bytes(KEY_BYTES);
  await replaceDurably(file, `${key.toString("base64")}\n`, io);
  return key;
}
