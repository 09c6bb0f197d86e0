import path from "node:path";
import { Low } from "lowdb";
import type { Grants } from "../model.ts";
import { type DurableFileOptions, durableFile } from "./durable-file.ts";
import type { EncryptionKeys } from "./encryption-key.ts";
import { openGrant, type SealedGrant, sealGrant } from "./sealed-grant.ts";

interface Data {
  readonly grants: Record<string, SealedGrant>;
}

/** As for every durable file, and the keys. */
export interface GrantsOptions extends Omit<DurableFileOptions, "remedy" | "problemOf"> {
  readonly keys: EncryptionKeys;
}

/** Grants in a file. */
export interface StoredGrants extends Grants {
  /** Resolves when the grant is removed from the disk. */
  remove(source: string): Promise<void>;
  /** Encrypts grants of earlier keys with the first key, in both generations of the file. */
  reseal(): Promise<void>;
}

/** Opens the stored grants. They are encrypted, so that copies and backups of the folder reveal no token. */
export async function openGrants(directory: string, options: GrantsOptions): Promise<StoredGrants> {
  const { files, random, report, uid, keys } = options;
  const file = path.join(directory, "grants.json");
  const remedy = `restore it from a backup, or move it and "${file}.previous" away and authorize again`;
  const database = new Low<Data>(durableFile(file, { files, random, report, uid, remedy }), { grants: {} });
  await database.read();
  const opened = new Map(
    Object.entries(database.data.grants).map(([source, sealed]) => [source, openGrant(source, sealed, keys)]),
  );

  return {
    load: (source) => opened.get(source)?.grant,
    async save(source, grant) {
      await database.update(({ grants }) => {
        grants[source] = sealGrant(source, grant, { keys, random });
      });
      opened.set(source, { grant, current: true });
    },
    async reseal() {
      const outdated = [...opened].filter(([, { current }]) => !current);
      if (outdated.length === 0) return;
      await database.update(({ grants }) => {
        for (const [source, { grant }] of outdated) {
          grants[source] = sealGrant(source, grant, { keys, random });
          opened.set(source, { grant, current: true });
        }
      });
      // The second write replaces the previous generation: the earlier key may be compromised.
      await database.write();
    },
    async remove(source) {
      await database.update(({ grants }) => {
        delete grants[source];
      });
      opened.delete(source);
    },
  };
}
