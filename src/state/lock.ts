import net from "node:net";
import path from "node:path";
import type { Report } from "../runtime/events.ts";
import { errorCode, type Files } from "../runtime/files.ts";
import type { Random } from "../runtime/random.ts";

/** Another daemon holds the state; the program ends with exit code 75. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

export interface LockOptions {
  readonly files: Files;
  readonly random: Random;
  readonly report: Report;
  /** Tells a second daemon who holds the lock: `process 4711 on host a`. */
  readonly holder: string;
}

/**
 * Takes the state folder for this process and returns the function that gives it back. The lock is a listening Unix socket:
 * the kernel closes it with the process, however that ends, so a dead holder is told from a living one by knocking.
 */
export async function acquireLock(directory: string, options: LockOptions): Promise<() => Promise<void>> {
  const { files, random, report, holder } = options;
  const lock = path.join(directory, "lock");
  const own = path.join(directory, `.lock.${random.bytes(8).toString("hex")}.tmp`);
  const server = net.createServer((socket) => socket.on("error", () => {}).end(holder));
  try {
    await listen(server, own);
  } catch (error) {
    // Some shared file systems have no sockets. A lost lock costs duplicates, never gaps.
    report({ event: "lock_unavailable", why: `Cannot lock "${directory}": ${errorCode(error) ?? String(error)}` });
    return async () => {};
  }
  server.unref();
  const release = async () => {
    server.close();
    await files.rm(own, { force: true });
  };
  try {
    while (!(await takeName(files, own, lock))) await removeIfDead(lock, options);
    await files.rm(own, { force: true });
  } catch (error) {
    await release();
    throw error;
  }
  return async () => {
    await files.rm(lock, { force: true });
    await release();
  };
}

/** The holder of the folder's lock; undefined where nobody holds it. */
export async function askHolder(directory: string): Promise<string | undefined> {
  return knock(path.join(directory, "lock"));
}

/** Gives our socket the lock's name; false where the name is taken. Linking is atomic, so only one can succeed. */
async function takeName(files: Files, own: string, lock: string): Promise<boolean> {
  try {
    await files.link(own, lock);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Clears a dead holder's socket away; throws where the holder lives. */
async function removeIfDead(lock: string, { files, random }: LockOptions): Promise<void> {
  await refuseIfHeld(lock);
  const aside = path.join(path.dirname(lock), `.lock.${random.bytes(8).toString("hex")}.tmp`);
  try {
    await files.rename(lock, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  // Between the knock and the rename another process may have taken the lock: then it gets its name back.
  const alive = await knock(aside);
  if (alive !== undefined) await takeName(files, aside, lock);
  await files.rm(aside, { force: true });
  if (alive !== undefined) throw heldBy(lock, alive);
}

async function refuseIfHeld(lock: string): Promise<void> {
  const holder = await knock(lock);
  if (holder !== undefined) throw heldBy(lock, holder);
}

function heldBy(lock: string, holder: string): LockedError {
  return new LockedError(
    `Cannot use state folder "${path.dirname(lock)}": ${holder || "another process"} holds it; stop that one first`,
  );
}

/** What the process behind a socket says of itself; undefined where there is none. */
function knock(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = "";
    const socket = net.connect(file);
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      said += text;
    });
    socket.on("error", (error) =>
      resolve(["ENOENT", "ECONNREFUSED"].includes(errorCode(error) ?? "") ? undefined : said),
    );
    socket.on("close", () => resolve(said));
  });
}

function listen(server: net.Server, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(file, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
