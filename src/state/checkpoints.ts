import path from "node:path";
import { Low } from "lowdb";
import type { Acknowledged, Checkpoints, Json } from "../model.ts";
import { errorCode } from "../runtime/files.ts";
import { isObject } from "../runtime/json.ts";
import { type RetryPolicy, retry } from "../runtime/retry.ts";
import { type DurableFileOptions, durableFile } from "./durable-file.ts";

interface Data {
  readonly positions: Record<string, Json>;
  /** The fingerprint of the destination that has acknowledged a record; absent before the first. */
  acknowledged?: string;
}

/** Without this, data of another form would pass for a first start. */
function problem(data: unknown): string | undefined {
  const positions: unknown = Object(data).positions;
  return isObject(positions) ? undefined : "it holds no positions by the names of sources";
}

/** What a person can do where a stored position cannot be used. */
export function checkpointsRemedy(file: string): string {
  return `restore it and "${file}.previous" from a backup, or move both away and run: slack-audit-receiver rewind --source NAME --to TIME`;
}

/** What the checkpoints are made of. */
export interface CheckpointsOptions extends Omit<DurableFileOptions, "remedy" | "problem"> {
  readonly retryPolicy: Omit<RetryPolicy, "source" | "target">;
}

/** Opens the stored positions of all sources: one file, replaced as a whole each time one of them moves. */
export async function openCheckpoints(
  directory: string,
  options: CheckpointsOptions,
): Promise<Checkpoints & Acknowledged> {
  const file = path.join(directory, "checkpoints.json");
  const remedy = checkpointsRemedy(file);
  const database = new Low<Data>(durableFile(file, { ...options, remedy, problem }), { positions: {} });
  await database.read();

  let changes = 0;
  let saved = 0;
  let writing: Promise<void> = Promise.resolve();

  /** Writes what is there by its turn: what waits while a write is under way goes out with the next one. */
  function write(change: number): Promise<void> {
    writing = writing
      .catch(() => {})
      .then(async () => {
        if (saved >= change) return;
        const upTo = changes;
        await database.write();
        saved = upTo;
      });
    return writing;
  }

  /** Tries until what was just changed is on the disk. */
  async function persist(source: string, signal: AbortSignal): Promise<void> {
    const change = ++changes;
    await retry(
      async () => {
        try {
          return { status: "ok", value: await write(change) };
        } catch (error) {
          return { status: "retry", why: `Cannot write "${file}": ${errorCode(error) ?? String(error)}` };
        }
      },
      { ...options.retryPolicy, source, target: "state" },
      signal,
    );
  }

  return {
    load: (source) => (Object.hasOwn(database.data.positions, source) ? database.data.positions[source] : undefined),

    async save(source, position, signal) {
      database.data.positions[source] = position;
      await persist(source, signal);
    },

    loadAcknowledged: () => database.data.acknowledged,

    async saveAcknowledged(fingerprint, source, signal) {
      database.data.acknowledged = fingerprint;
      await persist(source, signal);
    },
  };
}
