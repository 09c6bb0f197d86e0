import assert from "node:assert/strict";
import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { openState, readState, type State, type StateOptions } from "../../src/state/state.ts";
import { createFaultyFiles } from "../runtime/faulty-files.ts";
import { makeStateSetting, never } from "./state-setting.ts";

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

/** Saves generation 1, then generation 2 in both files. */
async function fill(options: StateOptions): Promise<void> {
  const { checkpoints, grants, close } = await openState(options);
  for (const generation of [1, 2]) {
    await checkpoints.save("acme", generation, never);
    await grants.save("acme", { token: `token ${generation}` });
  }
  await close();
}

const valuesOf = ({ checkpoints, grants }: Pick<State, "checkpoints" | "grants">) => [
  checkpoints.load("acme"),
  grants.load("acme")?.token,
];

test("openState() makes a private folder, and loads what was saved in it", async (t) => {
  const { options } = await makeStateSetting(t);
  const directory = path.join(options.directory, "deep", "state");
  await fill({ ...options, directory });
  assert.equal(await modeOf(directory), "700");
  const names = (await readdir(directory)).sort();
  const files = ["checkpoints.json", "grants.json"].flatMap((name) => [name, `${name}.previous`]);
  assert.deepEqual(names, [...files, "encryption.key"].sort());
  for (const name of names) assert.equal(await modeOf(path.join(directory, name)), "600", name);
  const state = await openState({ ...options, directory });
  assert.deepEqual(valuesOf(state), [2, "token 2"]);
  await state.close();
});

test("openState() rejects a second holder until the first closes it", async (t) => {
  const { options } = await makeStateSetting(t);
  const first = await openState(options);
  await assert.rejects(openState(options), { name: "LockedError" });
  assert.equal((await readState(options)).holder, "process 1 on host a");
  await first.close();
  assert.equal((await readState(options)).holder, undefined);
  await (await openState(options)).close();
});

test("openState() releases the lock when it rejects", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  await writeFile(path.join(directory, "grants.json"), "{}");
  for (let times = 0; times < 2; times++) await assert.rejects(openState(options), { name: "StateError" });
});

test("openState() gives the folder to exactly one of many", async (t) => {
  const { options } = await makeStateSetting(t);
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => openState(options)));
  const lost = tries.filter((one) => one.status === "rejected");
  assert.deepEqual(
    lost.map(({ reason }) => reason.name),
    Array(19).fill("LockedError"),
  );
  for (const one of tries) if (one.status === "fulfilled") await one.value.close();
});

test("openState() removes the temporary files of a killed process", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  await fill(options);
  const before = (await readdir(directory)).sort();
  for (const name of ["checkpoints.json", "grants.json", "encryption.key"]) {
    await writeFile(path.join(directory, `.${name}.0123456789abcdef.tmp`), "half");
  }
  await (await openState(options)).close();
  assert.deepEqual((await readdir(directory)).sort(), before);
});

test("openState() makes the key only once", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  await fill(options);
  const key = await readFile(path.join(directory, "encryption.key"), "utf8");
  assert.match(key, /^[A-Za-z0-9+/]{43}=\n$/);
  await fill(options);
  assert.equal(await readFile(path.join(directory, "encryption.key"), "utf8"), key);
});

test("openState() uses the configured key instead of making one", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  const encryptionKey = Buffer.alloc(32, 5).toString("base64");
  await fill({ ...options, encryptionKey });
  assert.equal((await readdir(directory)).includes("encryption.key"), false);
  assert.deepEqual(valuesOf(await readState({ ...options, encryptionKey })), [2, "token 2"]);
  await assert.rejects(readState(options), { name: "StateError" });
});

test("openState() rejects a malformed key", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  const file = path.join(directory, "encryption.key");
  for (const text of ["", "short", Buffer.alloc(31).toString("base64")]) {
    await writeFile(file, text);
    await assert.rejects(openState(options), {
      name: "StateError",
      message: /it does not hold 32 bytes in base64; restore it/,
    });
    assert.equal(await readFile(file, "utf8"), text);
  }
});

test("openState() rejects with a remedy when it cannot make or use the folder", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  const failing = (call: string, code: string) => ({
    ...options,
    files: createFaultyFiles((called) => (called === call ? code : undefined)),
  });
  const missing = path.join(directory, "missing");
  await assert.rejects(openState({ ...failing("mkdir", "EACCES"), directory: missing }), {
    name: "StateError",
    message: `Cannot use state folder "${missing}": permission is denied (EACCES); give this user the right to read and write it, or set state.directory to another folder`,
  });
  await assert.rejects(openState(failing("readFile", "EIO")), {
    name: "StateError",
    message: `Cannot use encryption key "${path.join(directory, "encryption.key")}": the device reports an input/output error (EIO); check the disk and its mount, or set state.directory to another folder`,
  });
});

test("readState() changes nothing", async (t) => {
  const { options, directory } = await makeStateSetting(t);
  await readState(options);
  assert.deepEqual(await readdir(directory), []);
  await fill(options);
  await chmod(directory, 0o500);
  assert.deepEqual(valuesOf(await readState(options)), [2, "token 2"]);
  await chmod(directory, 0o700);
});

for (const [name, values] of [
  ["checkpoints.json", [1, "token 2"]],
  ["grants.json", [2, "token 1"]],
] as const) {
  const intact = [2, "token 2"];

  /** Reads the state with a damaged newest generation: with the previous one, and without. */
  const tryDamage = async (options: StateOptions, text: Buffer) => {
    const file = path.join(options.directory, name);
    const previous = await readFile(`${file}.previous`);
    await writeFile(file, text);
    const fallenBack = await readState(options).then(valuesOf, ({ name: error }) => error);
    await rm(`${file}.previous`);
    const alone = await readState(options).then(valuesOf, ({ name: error }) => error);
    assert.deepEqual(await readFile(file), text);
    await writeFile(`${file}.previous`, previous);
    return { fallenBack, alone };
  };

  test(`readState() uses the previous generation when ${name} is cut off at any byte, and rejects when there is none`, async (t) => {
    const { options } = await makeStateSetting(t);
    await fill(options);
    const text = await readFile(path.join(options.directory, name));
    for (let length = 0; length < text.length; length++) {
      const { fallenBack, alone } = await tryDamage(options, text.subarray(0, length));
      assert.deepEqual(fallenBack, values, `cut after ${length}`);
      assert.equal(alone, "StateError", `cut after ${length}`);
    }
    assert.deepEqual(await tryDamage(options, text), { fallenBack: intact, alone: intact });
  });

  test(`readState() never misreads ${name} when any byte is changed`, async (t) => {
    const { options } = await makeStateSetting(t);
    await fill(options);
    const text = await readFile(path.join(options.directory, name));
    for (let at = 0; at < text.length; at++) {
      const damaged = Buffer.from(text);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const { fallenBack, alone } = await tryDamage(options, damaged);
      assert.ok(fallenBack === "StateError" || String(fallenBack) === String(values), `byte ${at} of ${damaged}`);
      assert.equal(alone, "StateError", `byte ${at} of ${damaged}`);
    }
  });
}
