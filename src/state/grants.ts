import path from "node:path";
import { Low } from "lowdb";
import type { Grants } from "../model.ts";
import { type DurableFileOptions, durableFile } from "./durable-file.ts";
import type { EncryptionKeys } from "./encryption-key.ts";
import { openGrant, type SealedGrant, sealGrant } from "./sealed-grant.ts";

interface Data {
  readonly grants: Record<string, SealedGrant>;
}

/** Grants that can be forgotten as well. */
export interface StoredGrants extends Grants {
  /** Resolves once the grant is gone from the disk. */
  remove(source: string): Promise<void>;
}

/** What the grants are made of. */
export interface GrantsOptions extends Omit<DurableFileOptions, "remedy"> {
  readonly keys: EncryptionKeys;
}

/** The open grants. */
export interface StoredGrants extends Grants {
  /** Seals with the first key what another one has sealed, in both generations of the file. */
  reseal(): Promise<void>;
}

/** Opens the stored grants. They are encrypted: copies, snapshots and backups of the folder give no token away. */
export async function openGrants(directory: string, options: GrantsOptions): Promise<StoredGrants> {
  const file = path.join(directory, "grants.json");
  const remedy = `restore it from a backup, or move it and "${file}.previous" away and authorize again`;
  const database = new Low<Data>(durableFile(file, { ...options, remedy }), { grants: {} });
  await database.read();
  const opened = new Map(
    Object.entries(database.data.grants).map(([source, sealed]) => [source, openGrant(source, sealed, options.keys)]),
  );

  return {
    load: (source) => opened.get(source)?.grant,
    async save(source, grant) {
      database.data.grants[source] = sealGrant(source, grant, options);
      await database.write();
      opened.set(source, { grant, current: true });
    },
    async reseal() {
      const outdated = [...opened].filter(([, { current }]) => !current);
      if (outdated.length === 0) return;
      for (const [source, { grant }] of outdated) {
        database.data.grants[source] = sealGrant(source, grant, options);
        opened.set(source, { grant, current: true });
      }
      // Once for the file and once more for the generation before it: the earlier key may have to go for a reason.
      await database.write();
      await database.write();
    },
    async remove(source) {
      delete database.data.grants[source];
      await database.write();
      opened.delete(source);
    },
  };
}
