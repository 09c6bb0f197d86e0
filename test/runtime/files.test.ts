import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { seededRandom } from "../../src/demo/seeded-random.ts";
import {
  errorCode,
  type Files,
  makeFolder,
  readIfPresent,
  removeTemporaries,
  replaceDurably,
  systemFiles,
} from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";
import { createFaultyFiles } from "./faulty-files.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const io = { files: systemFiles, random: systemRandom };
const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

test("readIfPresent() distinguishes a missing file from an unreadable one", async (t) => {
  const folder = await makeTemporaryFolder(t);
  await writeFile(path.join(folder, "a"), "text");
  assert.equal(await readIfPresent(systemFiles, path.join(folder, "a")), "text");
  assert.equal(await readIfPresent(systemFiles, path.join(folder, "b")), undefined);
  await assert.rejects(readIfPresent(systemFiles, folder), { code: "EISDIR" });
});

test("replaceDurably() writes a private file, and leaves no other", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const file = path.join(folder, "a");
  await writeFile(file, "old", { mode: 0o666 });
  await replaceDurably(file, "new ü", io);
  assert.equal(await readFile(file, "utf8"), "new ü");
  assert.equal(await modeOf(file), "600");
  assert.deepEqual(await readdir(folder), ["a"]);
});

test("replaceDurably() syncs the file before its rename and the folder after it", async (t) => {
  const files = createFaultyFiles();
  await replaceDurably(path.join(await makeTemporaryFolder(t), "a"), "text", { files, random: systemRandom });
  assert.deepEqual(files.calls, ["open", "writeFile", "sync", "close", "rename", "open", "sync", "close"]);
});

test("replaceDurably() keeps the old or the new content when any call fails", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const file = path.join(folder, "a");
  for (const code of ["ENOSPC", "EIO", "EROFS"]) {
    for (let n = 0; n < 8; n++) {
      await writeFile(file, "old");
      const files = createFaultyFiles((_call, index) => (index === n ? code : undefined));
      await assert.rejects(replaceDurably(file, "new", { files, random: systemRandom }), { code });
      assert.equal(await readFile(file, "utf8"), n < 5 ? "old" : "new", `call ${n}`);
      assert.deepEqual(await readdir(folder), ["a"], `call ${n}`);
    }
  }
});

test("replaceDurably() never writes into an existing file", async (t) => {
  const folder = await makeTemporaryFolder(t);
  await replaceDurably(path.join(folder, "a"), "1", { files: systemFiles, random: seededRandom(1) });
  const files = createFaultyFiles((call) => (call === "rename" || call === "rm" ? "EIO" : undefined));
  await assert.rejects(replaceDurably(path.join(folder, "a"), "2", { files, random: seededRandom(1) }));
  const left = await readdir(folder);
  assert.equal(left.length, 2);
  const again = replaceDurably(path.join(folder, "a"), "3", { files: createFaultyFiles(), random: seededRandom(1) });
  await assert.rejects(again, { code: "EEXIST" });
  assert.equal(await readFile(path.join(folder, "a"), "utf8"), "1");
});

test("makeFolder() makes private folders", async (t) => {
  const folder = path.join(await makeTemporaryFolder(t), "a", "b");
  await makeFolder(systemFiles, folder);
  await makeFolder(systemFiles, folder);
  assert.equal(await modeOf(folder), "700");
  assert.equal(await modeOf(path.dirname(folder)), "700");
});

test("makeFolder() syncs every folder that holds a new name", async (t) => {
  const top = await makeTemporaryFolder(t);
  const synced: string[] = [];
  const open: Files["open"] = (file, ...rest) => {
    synced.push(path.relative(top, String(file)));
    return systemFiles.open(file, ...rest);
  };
  await makeFolder({ ...systemFiles, open }, path.join(top, "a", "b", "c"));
  assert.deepEqual(synced.sort(), ["", "a", path.join("a", "b")]);
});

test("removeTemporaries() removes the temporary files of a killed process, and no others", async (t) => {
  const folder = await makeTemporaryFolder(t);
  const keep = ["a.json", ".hidden", "a.json.previous", ".a.json.tmp", ".lock-0123456789abcdef"];
  await Promise.all([...keep, ".a.json.0123456789abcdef.tmp"].map((name) => writeFile(path.join(folder, name), "")));
  await mkdir(path.join(folder, "dead-letters"));
  await removeTemporaries(systemFiles, folder);
  assert.deepEqual((await readdir(folder)).sort(), [...keep, "dead-letters"].sort());
});

test("errorCode() returns the code of a system error", () => {
  assert.equal(errorCode(Object.assign(new Error("x"), { code: "EIO" })), "EIO");
  assert.equal(errorCode(new Error("x")), undefined);
  assert.equal(errorCode({ code: "EIO" }), undefined);
});
