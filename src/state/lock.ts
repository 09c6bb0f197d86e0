import net from "node:net";
import path from "node:path";
import type { Report } from "../events.ts";
import { errorCode, type Files, proveWritable } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";

/** Another daemon holds the lock. The program ends with exit code 75. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** The name of this process, and the side effects. */
export interface LockOptions {
  readonly files: Files;
  readonly random: Random;
  readonly report: Report;
  /** How a second daemon names this one: `process 4711 on host a`. */
  readonly holder: string;
}

const NAME = /^lock-[0-9a-f]{16}$/;

/**
 * Locks the state folder and returns the function that unlocks it.
 *
 * Each process puts a listening Unix socket with a unique name into the folder. The kernel closes the socket when the process
 * ends, however it ends: connecting tells a live process from a dead one. Names are never reused, so removing the socket of a
 * dead process cannot remove another's. Then the process connects to all other sockets. Of two processes, at least the later
 * one sees the other. Of two that see each other, the higher name gives up, and the lower waits until the higher has decided.
 * So exactly one gets the lock.
 */
export async function acquireLock(directory: string, options: LockOptions): Promise<() => Promise<void>> {
  const { files, random, report, holder } = options;
  const name = `lock-${random.bytes(8).toString("hex")}`;
  const decision = Promise.withResolvers<boolean>();
  const server = net.createServer(async (socket) => {
    socket.on("error", () => {}).write(holder);
    socket.end((await decision.promise) ? HELD : "");
  });
  try {
    await withShortPath(files, directory, (folder) => listen(server, path.join(folder, `.${name}`)));
  } catch (error) {
    // If files cannot be written either, report that error.
    await proveWritable(directory, { files, random });
    // Some shared file systems have no sockets. Running without a lock risks duplicates, never gaps.
    report({ event: "lock_unavailable", why: `Cannot lock "${directory}": ${errorCode(error) ?? String(error)}` });
    return async () => {};
  }
  server.unref();
  const release = async () => {
    decision.resolve(false);
    await files.rm(path.join(directory, name), { force: true });
    server.close();
  };
  try {
    // The rename shows the socket to others. Before it listens, it would look dead.
    await files.rename(path.join(directory, `.${name}`), path.join(directory, name));
    for (const other of await othersIn(directory, name, files)) {
      if (other.name < name || (await other.holds)) throw heldBy(directory, other.holder);
    }
  } catch (error) {
    await release();
    throw error;
  }
  decision.resolve(true);
  return release;
}

/** Returns the holder of the lock; undefined if there is none, or no folder. */
export async function askHolder(directory: string, files: Files): Promise<string | undefined> {
  for (const { holder, holds } of await othersIn(directory, "", files)) if (await holds) return holder;
  return undefined;
}

function heldBy(directory: string, holder: string): LockedError {
  return new LockedError(`Cannot use state folder "${directory}": ${holder} holds it; stop that one first`);
}

/** A live process that wants or has the lock. */
interface Other {
  readonly name: string;
  readonly holder: string;
  /** Whether it has the lock. Resolves when it has decided. */
  readonly holds: Promise<boolean>;
}

/** Connects to every socket but our own, and removes those of dead processes. */
async function othersIn(directory: string, own: string, files: Files): Promise<Other[]> {
  const others: Other[] = [];
  for (const name of await namesIn(directory, files)) {
    if (name === own || !NAME.test(name)) continue;
    const answer = await withShortPath(files, directory, (folder) => askProcess(path.join(folder, name), files));
    if (answer) others.push({ name, ...answer });
    // One that cannot be removed, such as another user's in a shared folder, does no harm.
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

/** A process sends its name at once, and this at the end if it has the lock. No name ends in it. */
const HELD = "\n";
const DEAD = ["ENOENT", "ECONNREFUSED", "ECONNRESET"];
const DENIED = ["EACCES", "EPERM"];

/** Asks the process behind a socket. Resolves with undefined if it is dead. */
function askProcess(file: string, files: Files): Promise<Omit<Other, "name"> | undefined> {
  return new Promise((resolve) => {
    let received = "";
    const socket = net.connect(file).setEncoding("utf8");
    const holds = new Promise<boolean>((decided) => socket.on("close", () => decided(received.endsWith(HELD))));
    socket.on("data", (text: string) => {
      received += text;
      resolve({ holder: received.trim(), holds });
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

/** Reports whether a live process has bound the name. Needs no permission on the socket. */
async function isBound(name: string, files: Files): Promise<boolean> {
  try {
    return (await files.readFile("/proc/net/unix", "utf8")).includes(name);
  } catch {
    // Only Linux has this file. Elsewhere, count the process as alive.
    return true;
  }
}

/** The shortest limit of the supported systems (macOS: 104 with the final zero). */
const MAX_ADDRESS_BYTES = 103;

/** Calls `use` with a path that fits into a socket address. On Linux, an open folder has a short path as well. */
async function withShortPath<T>(files: Files, directory: string, use: (folder: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(directory) + "/.lock-0123456789abcdef".length <= MAX_ADDRESS_BYTES) return use(directory);
  await using handle = await files.open(directory, "r");
  return await use(`/proc/self/fd/${handle.fd}`);
}

function listen(server: net.Server, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Every user who can reach the folder may ask who holds the lock.
    server.listen({ path: file, writableAll: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
