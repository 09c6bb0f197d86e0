import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Event } from "../../src/events.ts";
import { type Files, removeTemporaries, systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { acquireLock, askHolder, type LockOptions } from "../../src/state/lock.ts";
import { makeTemporaryFolder } from "../runtime/temporary-folder.ts";

const events: Event[] = [];
const take = (folder: string, holder: string, options: Partial<LockOptions> = {}) =>
  acquireLock(folder, {
    files: systemFiles,
    random: systemRandom,
    report: (event) => events.push(event),
    holder,
    ...options,
  });

async function holdInChild(
  t: TestContext,
  folder: string,
  holder: string,
): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("hold-lock.ts", import.meta.url)), folder, holder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("acquireLock() rejects a second holder, naming the first, until the first releases it", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const release = await take(folder, "process 1 on host a");
  for (let knock = 0; knock < 3; knock++) {
    await assert.rejects(take(folder, "process 2 on host a"), {
      name: "LockedError",
      message: `Cannot use state folder "${folder}": process 1 on host a holds it; stop that one first`,
    });
  }
  assert.equal(await askHolder(folder, systemFiles), "process 1 on host a");
  await release();
  assert.equal(await askHolder(folder, systemFiles), undefined);
  await (await take(folder, "process 2 on host a"))();
  assert.deepEqual(await readdir(folder), []);
});

test("acquireLock() excludes another process, either way", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const release = await take(folder, "the parent");
  const refused = await holdInChild(t, folder, "the child");
  assert.match(refused.said, /^LockedError: .*the parent holds it/);
  await release();
  const holding = await holdInChild(t, folder, "the child");
  assert.equal(holding.said, "held\n");
  await assert.rejects(take(folder, "the parent"), /the child holds it/);
});

test("acquireLock() gets the lock of a killed process at once", async (t) => {
  const folder = await makeTemporaryFolder(t);
  for (let round = 0; round < 3; round++) {
    const { child, said } = await holdInChild(t, folder, "the child");
    assert.equal(said, "held\n");
    await kill(child);
    assert.equal(await askHolder(folder, systemFiles), undefined);
  }
  await (await take(folder, "the parent"))();
  assert.deepEqual(await readdir(folder), []);
});

test("acquireLock() gives a folder to exactly one of many, with or without a dead holder", async (t) => {
  for (let round = 0; round < 10; round++) {
    const folder = await makeTemporaryFolder(t);
    if (round % 2 === 1) await leaveDeadSocket(folder);
    const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => take(folder, `taker ${index}`)));
    const won = tries.filter((one) => one.status === "fulfilled");
    const lost = tries.filter((one) => one.status === "rejected");
    assert.equal(won.length, 1, `round ${round}`);
    assert.deepEqual(new Set(lost.map(({ reason }) => reason.name)), new Set(["LockedError"]));
    await won[0]?.value();
    assert.deepEqual(await readdir(folder), []);
  }
});

test("acquireLock() gives a folder to exactly one of many processes", async (t) => {
  const folder = await makeTemporaryFolder(t);
  await leaveDeadSocket(folder);
  const children = await Promise.all(Array.from({ length: 5 }, (_, index) => holdInChild(t, folder, `child ${index}`)));
  assert.equal(children.filter(({ said }) => said === "held\n").length, 1);
  assert.equal(children.filter(({ said }) => said.startsWith("LockedError")).length, 4);
});

test("acquireLock() never gives a folder to two when others come and go while it removes a dead holder", async (t) => {
  const folder = await makeTemporaryFolder(t);
  await leaveDeadSocket(folder);
  const others: Promise<unknown>[] = [];
  const takeMeanwhile = async () => {
    others.push(take(folder, `other ${others.length}`));
    await Promise.allSettled(others);
  };
  /** Another process tries to lock before and after each step of this one. */
  const files: Files = {
    ...systemFiles,
    rename: async (from, to) => {
      await takeMeanwhile();
      await systemFiles.rename(from, to);
    },
    rm: async (file, options) => {
      await systemFiles.rm(file, options);
      others.push(take(folder, `other ${others.length}`));
    },
  };
  const tries = await Promise.allSettled([take(folder, "slow", { files })]);
  const all = [...tries, ...(await Promise.allSettled(others))];
  assert.equal(all.filter(({ status }) => status === "fulfilled").length, 1);
});

test("acquireLock() works while the holder removes temporary files", async (t) => {
  const folder = await makeTemporaryFolder(t);
  await take(folder, "first");
  const rename: Files["rename"] = async (from, to) => {
    await removeTemporaries(systemFiles, folder);
    await systemFiles.rename(from, to);
  };
  await assert.rejects(take(folder, "second", { files: { ...systemFiles, rename } }), { name: "LockedError" });
});

test("acquireLock() locks a folder whose path is too long for a socket address", {
  skip: process.platform !== "linux",
}, async (t) => {
  const folder = path.join(await makeTemporaryFolder(t), "long".repeat(30), "ü".repeat(60));
  await mkdir(folder, { recursive: true });
  events.length = 0;
  const release = await take(folder, "first");
  await assert.rejects(take(folder, "second"), { name: "LockedError" });
  assert.match((await holdInChild(t, folder, "third")).said, /^LockedError/);
  await release();
  assert.deepEqual(await readdir(folder), []);
  assert.deepEqual(events, []);
});

test("acquireLock() continues without a lock, and reports it, when it cannot make a socket", async (t) => {
  const parent = await makeTemporaryFolder(t);
  const folder = path.join(parent, "missing");
  events.length = 0;
  // Files can be written there, but no sockets.
  const files: Files = { ...systemFiles, writeFile: async () => {} };
  await (await take(folder, "first", { files }))();
  assert.deepEqual(events, [{ event: "lock_unavailable", why: `Cannot lock "${folder}": EACCES` }]);
});

test("acquireLock() leaves no file when the folder cannot be read", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const readdirFails = async () => Promise.reject(Object.assign(new Error("no"), { code: "EIO" }));
  const files: Files = { ...systemFiles, readdir: readdirFails };
  await assert.rejects(take(folder, "first", { files }), { code: "EIO" });
  assert.deepEqual(await readdir(folder), []);
});

/** Leaves the socket of a killed holder. */
async function leaveDeadSocket(folder: string): Promise<void> {
  const server = net.createServer();
  const temporary = path.join(folder, "listening");
  server.listen(temporary);
  await once(server, "listening");
  await systemFiles.rename(temporary, path.join(folder, `lock-${systemRandom.bytes(8).toString("hex")}`));
  server.close();
}
