import path from "node:path";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { EncodedRecord, Outcome } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import { errorCode, type Files, makeFolder, readIfPresent, replaceDurably } from "../../runtime/files.ts";
import type { Random } from "../../runtime/random.ts";

/** Records that the collector refused for good, one file each time, one record a line. */
export interface DeadLetters {
  /** Resolves to the file's path once the records are on the disk. */
  write(source: string, records: readonly EncodedRecord[], why: string): Promise<Outcome<string>>;
  /** The files of a source, oldest first. */
  list(source: string): Promise<string[]>;
  read(file: string): Promise<DeadLetter[]>;
  remove(file: string): Promise<void>;
  /** Leaves only these in the file. */
  replace(file: string, letters: readonly DeadLetter[]): Promise<void>;
}

/** One record that was refused. */
export interface DeadLetter {
  /** RFC 3339. */
  readonly refusedAt: string;
  readonly why: string;
  readonly record: ReadableLogRecord;
}

/** Opens the dead letters below `directory`; a source's folder is made with its first. */
export function createDeadLetters(
  directory: string,
  { files, random, clock }: { files: Files; random: Random; clock: Clock },
): DeadLetters {
  return {
    async write(source, records, why) {
      const refusedAt = new Date(clock.now()).toISOString();
      const name = `${refusedAt.replace(/[-:]/g, "")}-${random.bytes(4).toString("hex")}.ndjson`;
      const file = path.join(directory, source, name);
      try {
        // One after the other: what a hardStop process left of the first is then made safe as well.
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
  const own = { hrTime, hrTimeObserved, severityNumber, eventName, attributes, body, droppedAttributesCount };
  const { resource, instrumentationScope: scope } = record;
  return `${JSON.stringify({ refused_at: refusedAt, why, resource: resource.attributes, scope, record: own })}\n`;
}

function fromLine(line: string): DeadLetter {
  const { refused_at, why, resource, scope, record } = JSON.parse(line);
  return {
    refusedAt: refused_at,
    why,
    record: { ...record, resource: resourceFromAttributes(resource), instrumentationScope: scope },
  };
}
