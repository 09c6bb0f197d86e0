import { createCipheriv, createDecipheriv } from "node:crypto";
import path from "node:path";
import { Low } from "lowdb";
import type { Grant, Grants } from "../model.ts";
import type { Random } from "../runtime/random.ts";
import { type DurableFileOptions, durableFile } from "./durable-file.ts";
import { StateError } from "./state-error.ts";

/** A grant as it lies on the disk: AES-256-GCM, all in base64. */
interface Sealed {
  readonly iv: string;
  readonly tag: string;
  readonly ciphertext: string;
}

interface Data {
  readonly grants: Record<string, Sealed>;
}

/** Grants that can be forgotten as well. */
export interface StoredGrants extends Grants {
  /** Resolves once the grant is gone from the disk. */
  remove(source: string): Promise<void>;
}

/** What the grants are made of. */
export interface GrantsOptions extends Omit<DurableFileOptions, "remedy"> {
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Opens the stored grants. They are encrypted: copies, snapshots and backups of the folder give no token away. */
export async function openGrants(directory: string, options: GrantsOptions): Promise<StoredGrants> {
  const file = path.join(directory, "grants.json");
  const remedy = `restore it from a backup, or move it and "${file}.previous" away and authorize again`;
  const database = new Low<Data>(durableFile(file, { ...options, remedy }), { grants: {} });
  await database.read();
  const opened = new Map(
    Object.entries(database.data.grants).map(([source, sealed]) => [source, open(source, sealed, options.key)]),
  );

  return {
    load: (source) => opened.get(source),
    async save(source, grant) {
      database.data.grants[source] = seal(source, grant, options);
      await database.write();
      opened.set(source, grant);
    },
    async remove(source) {
      delete database.data.grants[source];
      await database.write();
      opened.delete(source);
    },
  };
}

const ALGORITHM = "aes-256-gcm";
const TAG_BYTES = 16;
const IV_BYTES = 12;

function seal(source: string, grant: Grant, { key, random }: { key: Buffer; random: Random }): Sealed {
  const iv = random.bytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(purposeOf(source));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(grant), "utf8"), cipher.final()]);
  return {
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    ciphertext: ciphertext.toString("base64"),
  };
}

function open(source: string, { iv, tag, ciphertext }: Sealed, key: Buffer): Grant {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(iv, "base64"), { authTagLength: TAG_BYTES })
      .setAAD(purposeOf(source))
      .setAuthTag(Buffer.from(tag, "base64"));
    return JSON.parse(Buffer.concat([decipher.update(ciphertext, "base64"), decipher.final()]).toString("utf8"));
  } catch {
    throw new StateError(
      `Cannot decrypt the grant of source "${source}": it was encrypted with another key; set state.encryption_key to the earlier one, or move grants.json and grants.json.previous away and authorize again`,
    );
  }
}

/** Binds a ciphertext to what it is for, so that one cannot be passed off as another's. */
function purposeOf(source: string): Buffer {
  return Buffer.from(`slack-audit-receiver/grant/1/${source}`);
}
