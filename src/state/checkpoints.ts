import path from "node:path";
import { Low } from "lowdb";
import type { Acknowledged, Checkpoints, Json } from "../model.ts";
import { errorCode } from "../runtime/files.ts";
import { isObject } from "../runtime/json.ts";
import { createQueue } from "../runtime/queue.ts";
import { type RetryPolicy, retry } from "../runtime/retry.ts";
import { type DurableFileOptions, durableFile } from "./durable-file.ts";

interface Data {
  readonly positions: Record<string, Json>;
  /** The fingerprint of the destination that has acknowledged a record; absent before the first. */
  acknowledged?: string;
}

/** Without this check, data of another form would count as a first start. */
function problemOf(data: unknown): string | undefined {
  const positions: unknown = Object(data).positions;
  return isObject(positions) ? undefined : "it holds no positions by the names of sources";
}

/** The remedy for a stored position that cannot be used. */
export function checkpointsRemedy(file: string): string {
  return `restore it and "${file}.previous" from a backup, or move both away and run: slack-audit-receiver rewind --source NAME --to TIME`;
}

/** As for every durable file, and how failed saves are retried. */
export interface CheckpointsOptions extends Omit<DurableFileOptions, "remedy" | "problemOf"> {
  readonly retryPolicy: Omit<RetryPolicy, "source" | "target">;
}

/** Opens the stored positions of all sources: one file, replaced whenever a position changes. */
export async function openCheckpoints(
  directory: string,
  options: CheckpointsOptions,
): Promise<Checkpoints & Acknowledged> {
  const { files, random, report, uid, retryPolicy } = options;
  const file = path.join(directory, "checkpoints.json");
  const remedy = checkpointsRemedy(file);
  const adapter = durableFile<Data>(file, { files, random, report, uid, remedy, problemOf });
  const database = new Low<Data>(adapter, { positions: {} });
  await database.read();

  let changes = 0;
  let saved = 0;
  const queue = createQueue();

  /** Writes the file unless a later write has included the change. One write includes all changes made before it. */
  function write(change: number): Promise<void> {
    return queue(async () => {
      if (saved >= change) return;
      const included = changes;
      await database.write();
      saved = included;
    });
  }

  /** Retries until the change that was just made is on the disk. */
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
      { ...retryPolicy, source, target: "state" },
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
