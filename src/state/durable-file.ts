import { createHash } from "node:crypto";
import path from "node:path";
import type { Adapter } from "lowdb";
import type { Report } from "../events.ts";
import { errorCode, type Files, readIfPresent, replaceDurably } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";
import { folderFault } from "./folder-fault.ts";
import { StateError } from "./state-error.ts";

/** What a durable file is made of. */
export interface DurableFileOptions {
  readonly files: Files;
  readonly random: Random;
  readonly report: Report;
  /** What a person can do when no generation of the file can be read. */
  readonly remedy: string;
  readonly uid?: number | undefined;
  /** What is wrong with data that is intact and still cannot be meant; undefined where nothing is. */
  readonly problem?: (data: unknown) => string | undefined;
}

const SCHEMA = 1;

/**
 * A lowdb adapter for a file that must never be half written, silently reset or silently misread. It carries a schema number
 * and a checksum, and the generation before it is kept beside it: an older state only repeats work, so it may stand in.
 */
export function durableFile<Data>(file: string, options: DurableFileOptions): Adapter<Data> {
  const { files, report, remedy, problem = () => undefined } = options;
  const previous = `${file}.previous`;
  /** False while the previous generation is the only good one: it must not make way for a bad one. */
  let worthKeeping = true;
  let writing: Promise<void> = Promise.resolve();

  function meant(data: Data): Data {
    const why = problem(data);
    if (why !== undefined) throw new StateError(`Cannot read state file "${file}": ${why}`, remedy);
    return data;
  }

  async function writeNow(data: Data): Promise<void> {
    if (worthKeeping) await keepPrevious(files, file, previous);
    await replaceDurably(file, encode(data), options);
    worthKeeping = true;
  }

  return {
    async read() {
      const newest = await readGeneration<Data>(file, options);
      worthKeeping = newest.found === "intact";
      if (newest.found === "intact") return meant(newest.data);
      const older = await readGeneration<Data>(previous, options);
      if (older.found === "intact") {
        report({ event: "checkpoint_recovered", file, why: newest.found === "damaged" ? newest.why : "it is missing" });
        return meant(older.data);
      }
      if (newest.found === "absent" && older.found === "absent") return null;
      const why = newest.found === "damaged" ? newest.why : older.found === "damaged" ? older.why : "";
      throw new StateError(`Cannot read state file "${file}": ${why}`, remedy);
    },

    /** One after the other: two at once would take each other's generations away, and the older one could end on top. */
    write(data) {
      writing = writing.catch(() => {}).then(() => writeNow(data));
      return writing;
    },
  };
}

type Generation<Data> =
  | { readonly found: "intact"; readonly data: Data }
  | { readonly found: "absent" }
  | { readonly found: "damaged"; readonly why: string };

async function readGeneration<Data>(
  file: string,
  { files, uid }: Pick<DurableFileOptions, "files" | "uid">,
): Promise<Generation<Data>> {
  let text: string | undefined;
  try {
    text = await readIfPresent(files, file);
  } catch (error) {
    const directory = path.dirname(file);
    throw folderFault(error, { doing: `Cannot read state file "${file}"`, directory, uid });
  }
  if (text === undefined) return { found: "absent" };
  const { schema, checksum, data } = parse(text);
  const isWhole = checksum === checksumOf(JSON.stringify(data) ?? "");
  if (typeof schema === "number" && schema > SCHEMA && isWhole) {
    throw new StateError(
      `Cannot read state file "${file}": a newer version wrote it (schema ${schema})`,
      "install that version again",
    );
  }
  if (schema !== SCHEMA || !isWhole) {
    return { found: "damaged", why: "it is damaged: its checksum does not match" };
  }
  return { found: "intact", data: data as Data };
}

function parse(text: string): { schema?: unknown; checksum?: unknown; data?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Megabytes in a backlog, so the data is written down once, for the checksum and for the file. */
function encode(data: unknown): string {
  const text = JSON.stringify(data);
  return `{"schema":${SCHEMA},"checksum":"${checksumOf(text)}","data":${text}}`;
}

/** Of the data's own JSON, which writing and reading leave the same. */
function checksumOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** A second name for the present file, so that replacing it leaves the old content under that name. */
async function keepPrevious(files: Files, file: string, previous: string): Promise<void> {
  try {
    await files.rm(previous, { force: true });
    await files.link(file, previous);
  } catch (error) {
    // The first write has nothing to keep, and some file systems have no links: then there is one generation.
    if (!["ENOENT", "EPERM", "ENOTSUP", "EOPNOTSUPP"].includes(errorCode(error) ?? "")) throw error;
  }
}
