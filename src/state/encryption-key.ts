import path from "node:path";
import { type Files, readIfPresent, replaceDurably } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { StateError, toStateError } from "./state-error.ts";

const KEY_BYTES = 32;

/** A key that encrypts grants. */
export interface EncryptionKey {
  /** Stored with each grant that the key encrypts; empty for a key without an id. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The first key encrypts grants. All of them decrypt. */
export type EncryptionKeys = readonly [EncryptionKey, ...EncryptionKey[]];

/** The configured keys, and how to make a key. */
export interface EncryptionKeyOptions {
  /** `id:base64` or base64, separated by commas or white space; empty: the key in the folder. */
  readonly configured: string;
  /** Makes a missing key. */
  readonly make: boolean;
  readonly files: Files;
  readonly random: Random;
  readonly uid?: number | undefined;
}

/** Loads the configured keys, else the key in the folder. */
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
    throw toStateError(error, { doing: `Cannot use encryption key "${file}"`, directory, uid });
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
