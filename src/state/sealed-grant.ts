import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Grant } from "../model.ts";
import type { Random } from "../runtime/random.ts";
import type { EncryptionKey, EncryptionKeys } from "./encryption-key.ts";
import { StateError } from "./state-error.ts";

/** A grant as stored: AES-256-GCM, in base64. */
export interface SealedGrant {
  /** The id of the key; absent if it has none. */
  readonly key?: string;
  readonly iv: string;
  readonly tag: string;
  readonly ciphertext: string;
}

const ALGORITHM = "aes-256-gcm";
const TAG_BYTES = 16;
const IV_BYTES = 12;

/** Encrypts a grant with the first key. */
export function sealGrant(
  source: string,
  grant: Grant,
  { keys: [{ id, key }], random }: { keys: EncryptionKeys; random: Random },
): SealedGrant {
  const iv = random.bytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(associatedDataOf(source));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(grant), "utf8"), cipher.final()]);
  return {
    ...(id && { key: id }),
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    ciphertext: ciphertext.toString("base64"),
  };
}

/**
 * Decrypts a grant. Tries every key, because an id may have been renamed. `current`: the first key, under its present id,
 * encrypted it. Throws `StateError` if no key decrypts it.
 */
export function openGrant(
  source: string,
  sealed: SealedGrant,
  keys: EncryptionKeys,
): { grant: Grant; current: boolean } {
  for (const key of keys) {
    const grant = tryKey(source, sealed, key);
    if (grant) return { grant, current: key === keys[0] && (sealed.key ?? "") === key.id };
  }
  const known = sealed.key === undefined ? "another key" : `the key "${sealed.key}"`;
  throw new StateError(
    `Cannot decrypt the grant of source "${source}": it was encrypted with ${known}, and state.encryption_key does not hold it`,
    "add the earlier key to state.encryption_key, or move grants.json and grants.json.previous away and authorize again",
  );
}

function tryKey(source: string, { iv, tag, ciphertext }: SealedGrant, { key }: EncryptionKey): Grant | undefined {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(iv, "base64"), { authTagLength: TAG_BYTES })
      .setAAD(associatedDataOf(source))
      .setAuthTag(Buffer.from(tag, "base64"));
    return JSON.parse(Buffer.concat([decipher.update(ciphertext, "base64"), decipher.final()]).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Binds a ciphertext to its source, so that it cannot stand in for another source's grant. */
function associatedDataOf(source: string): Buffer {
  return Buffer.from(`slack-audit-receiver/grant/1/${source}`);
}
