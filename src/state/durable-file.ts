import { createHash } from "node:crypto";
import path from "node:path";
import type { Adapter } from "lowdb";
import type { Report } from "../events.ts";
import { errorCode, type Files, readIfPresent, replaceDurably } from "../runtime/files.ts";
import { createQueue } from "../runtime/queue.ts";
import type { Random } from "../runtime/random.ts";
import { StateError, toStateError } from "./state-error.ts";

/** The side effects, remedies and checks of a durable file. */
export interface DurableFileOptions {
  readonly files: Files;
  readonly random: Random;
  readonly report: Report;
  /** What a person can do when neither generation can be read. */
  readonly remedy: string;
  readonly uid?: number | undefined;
  /** What is wrong with the form of intact data, if anything. */
  readonly problemOf?: (data: unknown) => string | undefined;
}

const SCHEMA = 1;

/**
 * Creates a lowdb adapter for a file that is never half written, and never silently reset or misread. The file has a schema
 * number and a checksum. The previous generation is kept and read when the newest is damaged: older state only repeats work.
 */
export function durableFile<Data>(file: string, options: DurableFileOptions): Adapter<Data> {
  const { files, report, remedy, problemOf = () => undefined } = options;
  const previous = `${file}.previous`;
  /** False while only the previous generation is good. It must not be replaced by a damaged one. */
  let isNewestGood = true;
  const queue = createQueue();

  function checkForm(data: Data): Data {
    const why = problemOf(data);
    if (why !== undefined) throw new StateError(`Cannot read state file "${file}": ${why}`, remedy);
    return data;
  }

  async function replace(data: Data): Promise<void> {
    if (isNewestGood) await keepPrevious(files, file, previous);
    await replaceDurably(file, encode(data), options);
    isNewestGood = true;
  }

  return {
    async read() {
      const newest = await readGeneration<Data>(file, options);
      isNewestGood = newest.found === "intact";
      if (newest.found === "intact") return checkForm(newest.data);
      const older = await readGeneration<Data>(previous, options);
      if (older.found === "intact") {
        report({ event: "checkpoint_recovered", file, why: newest.found === "damaged" ? newest.why : "it is missing" });
        return checkForm(older.data);
      }
      if (newest.found === "absent" && older.found === "absent") return null;
      const why = newest.found === "damaged" ? newest.why : older.found === "damaged" ? older.why : "";
      throw new StateError(`Cannot read state file "${file}": ${why}`, remedy);
    },

    /** Writes one at a time. Two at once would remove each other's generations, and the older could end up newest. */
    write: (data) => queue(() => replace(data)),
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
    throw toStateError(error, { doing: `Cannot read state file "${file}"`, directory, uid });
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

/** Serializes the data once, for the checksum and the file: it has megabytes during a backlog. */
function encode(data: unknown): string {
  const text = JSON.stringify(data);
  return `{"schema":${SCHEMA},"checksum":"${checksumOf(text)}","data":${text}}`;
}

/** Computed from the JSON text, which parsing and serializing again does not change. */
function checksumOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Links the file to a second name, which keeps the old content when the file is replaced. */
async function keepPrevious(files: Files, file: string, previous: string): Promise<void> {
  try {
    await files.rm(previous, { force: true });
    await files.link(file, previous);
  } catch (error) {
    // The first write has no previous generation. File systems without links keep one generation.
    if (!["ENOENT", "EPERM", "ENOTSUP", "EOPNOTSUPP"].includes(errorCode(error) ?? "")) throw error;
  }
}
