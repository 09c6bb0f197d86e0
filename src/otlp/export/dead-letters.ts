import path from "node:path";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { EncodedRecord, Outcome } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import { errorCode, type Files, makeFolder, readIfPresent, replaceDurably } from "../../runtime/files.ts";
import type { Random } from "../../runtime/random.ts";

/** The records that were set aside. One write makes one file, with one record per line. */
export interface DeadLetters {
  /** Resolves to the path of the file once the records are on the disk. A second write of one array replaces its file. Never rejects. */
  write(source: string, records: readonly EncodedRecord[], why: string): Promise<Outcome<string>>;
  /** Returns the paths of a source's files, oldest first. */
  list(source: string): Promise<string[]>;
  /** Rejects if the file is damaged. Resolves to none if it does not exist. */
  read(file: string): Promise<DeadLetter[]>;
  remove(file: string): Promise<void>;
  /** Replaces the content of the file with these letters. */
  replace(file: string, letters: readonly DeadLetter[]): Promise<void>;
}

/** One record that was set aside. */
export interface DeadLetter {
  /** RFC 3339. */
  readonly refusedAt: string;
  readonly why: string;
  readonly record: ReadableLogRecord;
}

/** Opens the dead letters below `directory`. The folder of a source is made with its first file. */
export function createDeadLetters(
  directory: string,
  { files, random, clock }: { files: Files; random: Random; clock: Clock },
): DeadLetters {
  /** The name of each write's file, by its records: a retry replaces the file that a failed attempt may have left. */
  const names = new WeakMap<readonly EncodedRecord[], string>();
  return {
    async write(source, records, why) {
      const refusedAt = new Date(clock.now()).toISOString();
      const name = names.get(records) ?? `${refusedAt.replace(/[-:]/g, "")}-${random.bytes(4).toString("hex")}.ndjson`;
      names.set(records, name);
      const file = path.join(directory, source, name);
      try {
        // Separate calls: each syncs its folder, including one that an interrupted process has left unsynced.
        await makeFolder(files, directory);
        await makeFolder(files, path.dirname(file));
        const lines = records.map((record) => toLine({ refusedAt, why, record: record.page.decode(record) }));
        await replaceDurably(file, lines.join(""), { files, random });
        return { status: "ok", value: file };
      } catch (error) {
        return {
          status: "hold",
          why: `Cannot write dead letters to "${path.dirname(file)}": ${errorCode(error) ?? String(error)}`,
          remedy: "make room or give this user the right to write there: collection goes on by itself",
        };
      }
    },

    async list(source) {
      const folder = path.join(directory, source);
      try {
        const names = (await files.readdir(folder)).filter((name) => /^\d.*\.ndjson$/.test(name));
        return names.sort().map((name) => path.join(folder, name));
      } catch (error) {
        if (errorCode(error) === "ENOENT") return [];
        throw error;
      }
    },

    async read(file) {
      const text = (await readIfPresent(files, file)) ?? "";
      return text.split("\n").filter(Boolean).map(fromLine);
    },

    remove: (file) => files.rm(file, { force: true }),
    replace: (file, letters) => replaceDurably(file, letters.map(toLine).join(""), { files, random }),
  };
}

function toLine({ refusedAt, why, record }: DeadLetter): string {
  const { hrTime, hrTimeObserved, severityNumber, eventName, attributes, body, droppedAttributesCount } = record;
  const fields = { hrTime, hrTimeObserved, severityNumber, eventName, attributes, body, droppedAttributesCount };
  const { resource, instrumentationScope: scope } = record;
  return `${JSON.stringify({ refused_at: refusedAt, why, resource: resource.attributes, scope, record: fields })}\n`;
}

function fromLine(line: string): DeadLetter {
  const { refused_at, why, resource, scope, record } = JSON.parse(line);
  return {
    refusedAt: refused_at,
    why,
    record: { ...record, resource: resourceFromAttributes(resource), instrumentationScope: scope },
  };
}
