import net from "node:net";
import path from "node:path";
import type { Report } from "../events.ts";
import { errorCode, type Files, proveWritable } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";

/** Another daemon holds the state; the program ends with exit code 75. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** What taking the lock takes. */
export interface LockOptions {
  readonly files: Files;
  readonly random: Random;
  readonly report: Report;
  /** Tells a second daemon who holds the lock: `process 4711 on host a`. */
  readonly holder: string;
}

const NAME = /^lock-[0-9a-f]{16}$/;

/**
 * Takes the state folder for this process and returns the function that gives it back. Whoever wants it puts a listening
 * Unix socket of its own name there: the kernel closes it with the process, however that ends, so a dead one is told from a
 * living one by knocking; and no name comes twice, so clearing a dead one away can hit nobody else. Then it knocks at all
 * others. Of any two at least the later sees the other; of two that see each other the lower name goes on, and the lower
 * waits for the higher to decide, so that exactly one of many gets the folder.
 */
export async function acquireLock(directory: string, options: LockOptions): Promise<() => Promise<void>> {
  const { files, random, report, holder } = options;
  const name = `lock-${random.bytes(8).toString("hex")}`;
  const verdict = Promise.withResolvers<boolean>();
  const server = net.createServer(async (socket) => {
    socket.on("error", () => {}).write(holder);
    socket.end((await verdict.promise) ? HELD : "");
  });
  try {
    await withShortPath(files, directory, (folder) => listen(server, path.join(folder, `.${name}`)));
  } catch (error) {
    // Where no file can be written either, the folder is at fault.
    await proveWritable(directory, { files, random });
    // Some shared file systems have no sockets. A lost lock costs duplicates, never gaps.
    report({ event: "lock_unavailable", why: `Cannot lock "${directory}": ${errorCode(error) ?? String(error)}` });
    return async () => {};
  }
  server.unref();
  const release = async () => {
    verdict.resolve(false);
    await files.rm(path.join(directory, name), { force: true });
    server.close();
  };
  try {
    // Only now can others see it: a socket that does not listen yet would look dead to them.
    await files.rename(path.join(directory, `.${name}`), path.join(directory, name));
    for (const other of await othersIn(directory, name, files)) {
      if (other.name < name || (await other.holds)) throw heldBy(directory, other.holder);
    }
  } catch (error) {
    await release();
    throw error;
  }
  verdict.resolve(true);
  return release;
}

/** The holder of the folder's lock; undefined where nobody holds it, or where there is no folder. */
export async function askHolder(directory: string, files: Files): Promise<string | undefined> {
  for (const { holder, holds } of await othersIn(directory, "", files)) if (await holds) return holder;
  return undefined;
}

function heldBy(directory: string, holder: string): LockedError {
  return new LockedError(`Cannot use state folder "${directory}": ${holder} holds it; stop that one first`);
}

/** A living process that wants the folder, or has it. */
interface Other {
  readonly name: string;
  readonly holder: string;
  /** Whether it has the folder, once it knows. */
  readonly holds: Promise<boolean>;
}

/** Knocks at every socket but our own; clears away those that nobody answers at. */
async function othersIn(directory: string, own: string, files: Files): Promise<Other[]> {
  const others: Other[] = [];
  for (const name of await namesIn(directory, files)) {
    if (name === own || !NAME.test(name)) continue;
    const answer = await withShortPath(files, directory, (folder) => knock(path.join(folder, name), files));
    if (answer) others.push({ name, ...answer });
    // One that cannot be cleared away, such as another user's in a folder for all, does no harm.
    else await files.rm(path.join(directory, name), { force: true }).catch(() => {});
  }
  return others;
}

async function namesIn(directory: string, files: Files): Promise<readonly string[]> {
  try {
    return await files.readdir(directory);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Says who it is at once, and that it has the folder with the last character, which no other text ends in. */
const HELD = "\n";
const DEAD = ["ENOENT", "ECONNREFUSED", "ECONNRESET"];
const DENIED = ["EACCES", "EPERM"];

/** What the process behind a socket says of itself; undefined where there is none. */
function knock(file: string, files: Files): Promise<Omit<Other, "name"> | undefined> {
  return new Promise((resolve) => {
    let said = "";
    const socket = net.connect(file).setEncoding("utf8");
    const holds = new Promise<boolean>((decided) => socket.on("close", () => decided(said.endsWith(HELD))));
    socket.on("data", (text: string) => {
      said += text;
      resolve({ holder: said.trim(), holds });
    });
    socket.on("error", (error) => {
      const holding = { holder: "another process", holds: Promise.resolve(true) };
      const code = errorCode(error) ?? "";
      if (DENIED.includes(code))
        void isBound(path.basename(file), files).then((bound) => resolve(bound ? holding : undefined));
      else resolve(DEAD.includes(code) ? undefined : holding);
    });
    socket.on("close", (failed) => {
      if (!failed) resolve(undefined);
    });
  });
}

/** Whether a living process has bound the name. The system says so to every user, whoever may connect. */
async function isBound(name: string, files: Files): Promise<boolean> {
  try {
    return (await files.readFile("/proc/net/unix", "utf8")).includes(name);
  } catch {
    // Another system does not say. Then who may not ask takes it for alive.
    return true;
  }
}

/** What the address of a socket holds at most, on the system where it is shortest. */
const MAX_ADDRESS_BYTES = 103;

/** Calls `use` with a path that a socket's address has room for: Linux knows an open folder by a short name as well. */
async function withShortPath<T>(files: Files, directory: string, use: (folder: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(directory) + "/.lock-0123456789abcdef".length <= MAX_ADDRESS_BYTES) return use(directory);
  await using handle = await files.open(directory, "r");
  return await use(`/proc/self/fd/${handle.fd}`);
}

function listen(server: net.Server, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Whoever can reach the folder may ask who holds it; who may not cannot be told from the dead.
    server.listen({ path: file, writableAll: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
