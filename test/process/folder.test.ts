import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, symlink } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { test } from "node:test";
import { NODE } from "./program.ts";
import { type Setting, startSetting } from "./setting.ts";

const USER = 65_532;
const AS_USER = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", ...NODE];

/** Why these tests are skipped; false when a process can run as another user here. */
function whyOneUserOnly(): string | false {
  if (process.getuid?.() !== 0) return "only root can start a process as another user";
  const tried = spawnSync("setpriv", [...AS_USER.slice(1, 4), "true"]);
  if (tried.error || tried.status !== 0) return "setpriv is missing or may not change the user";
  const reads = spawnSync("setpriv", [...AS_USER.slice(1, 4), "test", "-r", import.meta.filename]);
  return reads.status === 0 ? false : "another user cannot read this folder";
}

const skip = whyOneUserOnly();

/** Makes a folder that the other user can reach, with a configuration in it. */
async function startOpenSetting(): Promise<Setting> {
  const setting = await startSetting();
  await chmod(setting.folder, 0o755);
  await setting.writeConfig();
  return setting;
}

/** The commands that use the state, with the options that they need. */
const COMMANDS = [["run"], ["rewind", "--source", "acme", "--to", "1h", "--yes"]] as const;

for (const [name, prepare, words] of [
  ["owned by root and closed", async (folder: string) => mkdir(folder, { mode: 0o700 }), "EACCES"],
  ["owned by root and open to read", async (folder: string) => mkdir(folder, { mode: 0o755 }), "EACCES"],
  ["in a folder of root's", async () => undefined, "EACCES"],
] as const) {
  test(`a state folder ${name} ends with 78 and one line`, { skip }, async () => {
    await using setting = await startOpenSetting();
    await prepare(setting.stateFolder);
    for (const args of COMMANDS) {
      const { code, stdout, stderr } = await setting.run(args, { command: AS_USER });
      assert.equal(code, 78, stderr);
      assert.equal(
        stderr,
        `Cannot use state folder "${setting.stateFolder}": permission is denied (${words}); this user is ${USER}: run ` +
          `chown -R ${USER} "${setting.stateFolder}", or set state.directory to another folder\n`,
      );
      assert.equal(stdout, "");
    }
    const check = await setting.run(["check"], { command: AS_USER });
    assert.equal(check.code, 78);
    assert.match(check.stdout, /FAULT {2}state: .*permission is denied.*chown/);
  });
}

for (const [name, directory, words] of [
  ["below a file", "receiver.yaml/state", /file and not a folder \(ENOTDIR\)/],
  ["that is a file", "receiver.yaml", /file and not a folder \(EEXIST\)/],
  ["with a long name", "x".repeat(300), /path is too long \(ENAMETOOLONG\)/],
  ["that is a link to itself", "loop", /\((ELOOP|EEXIST|ENOENT)\)/],
  ["below a link to itself", "loop/state", /lead in a circle \(ELOOP\)/],

  ["in /proc", "/proc/state", /there is no such file or folder \(ENOENT\)/],
  ["below /dev/null", "/dev/null/state", /\(ENOTDIR\)/],
] as const) {
  test(`a state folder ${name} ends with 78 and one line`, async () => {
    await using setting = await startSetting();
    await symlink("loop", path.join(setting.folder, "loop"));
    await setting.writeConfig({ state: { directory } });
    for (const args of COMMANDS) {
      const { code, stderr } = await setting.run(args);
      assert.equal(code, 78, stderr);
      assert.match(stderr, /^Cannot use state folder ".*": [^\n]+; [^\n]+\n$/);
      assert.match(stderr, words);
    }
  });
}

for (const [name, options, words] of [
  ["read-only", "size=1m,ro", /read-only \(EROFS\); mount a volume there that can be written/],
  ["full", "size=4k,nr_inodes=2", /no space is left on the device \(ENOSPC\); make room/],
] as const) {
  const why = spawnSync("unshare", ["--mount", "true"]).status === 0 ? false : "this user may not mount";
  test(`a state folder on a file system that is ${name} ends with 78 and one line`, { skip: why }, async () => {
    await using setting = await startSetting();
    await setting.writeConfig();
    await mkdir(setting.stateFolder);
    const fill = name === "full" ? `touch '${setting.stateFolder}/a' '${setting.stateFolder}/b' 2>/dev/null;` : "";
    const mounted = `mount -t tmpfs -o ${options} none '${setting.stateFolder}' && { ${fill} exec "$@"; }`;
    for (const args of COMMANDS) {
      const { code, stderr } = await setting.run(args, {
        command: ["unshare", "--mount", "sh", "-c", mounted, "sh", ...NODE],
      });
      assert.equal(code, 78, stderr);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n.*\n|^\s+at/);
    }
  });
}

test("status says that nothing is stored before the first run, and names a folder that it may not read", {
  skip,
}, async () => {
  await using setting = await startOpenSetting();
  const first = await setting.run(["status"]);
  assert.deepEqual([first.code, first.stderr], [0, ""]);
  assert.match(first.stdout, /^No daemon answers\. Nothing is stored yet in .*state\n/);
  assert.equal((await setting.run(["status", "--json"])).code, 0);
  assert.deepEqual((await readdir(setting.folder)).sort(), ["receiver.yaml"], "status makes nothing");
  await mkdir(setting.stateFolder, { mode: 0o700 });
  const closed = await setting.run(["status"], { command: AS_USER });
  assert.equal(closed.code, 78);
  assert.match(closed.stderr, /^Cannot .*": permission is denied \(EACCES\); this user is 65532: [^\n]+\n$/);
});

test("dead-letters reports in one line that it may not read the folder", { skip }, async () => {
  await using setting = await startOpenSetting();
  await mkdir(setting.stateFolder, { mode: 0o700 });
  const { code, stderr } = await setting.run(["dead-letters"], { command: AS_USER });
  assert.equal(code, 78);
  assert.match(stderr, /^Cannot use ".*dead-letters.*": permission is denied \(EACCES\); [^\n]+\n$/);
});

/** A socket of root that only root may connect to, as earlier versions made it. */
async function bindAsRoot(folder: string): Promise<net.Server> {
  const server = net.createServer((socket) => socket.end("process 1 on host a\n")).on("error", () => {});
  await new Promise<void>((resolve) => server.listen(path.join(folder, "lock-0123456789abcdef"), resolve));
  await chmod(path.join(folder, "lock-0123456789abcdef"), 0o700);
  return server;
}

test("a stale lock of another user does not block the daemon, and a held one does", { skip }, async () => {
  await using setting = await startOpenSetting();
  await mkdir(setting.stateFolder);
  const server = await bindAsRoot(setting.stateFolder);
  await chown(setting.stateFolder, USER, USER);
  await chmod(setting.stateFolder, 0o700);
  const held = await setting.run(["run"], { command: AS_USER });
  assert.equal(held.code, 75, held.stderr);
  assert.match(held.stderr, /another process holds it/);

  // A killed process leaves the file of a socket without a listener.
  await new Promise((resolve) => server.close(resolve));
  const left = `const s = require("net").createServer().listen("lock-0123456789abcdef", () => process.kill(process.pid, 9))`;
  spawnSync(process.execPath, ["-e", left], { cwd: setting.stateFolder });
  assert.deepEqual(await readdir(setting.stateFolder), ["lock-0123456789abcdef"]);
  const daemon = await setting.daemon(undefined, { command: AS_USER });
  assert.equal((await daemon.stop()).code, 0);
});

test("another user is told the name of root's running daemon", { skip }, async () => {
  await using setting = await startOpenSetting();
  const daemon = await setting.daemon();
  await chmod(setting.stateFolder, 0o777);
  const { code, stderr } = await setting.run(["run"], { command: AS_USER });
  assert.match(stderr, new RegExp(`process ${daemon.pid} on .* holds it|permission is denied`));
  assert.ok(code === 75 || code === 78);
});

test("daemon names loose files in its log at the start", async () => {
  await using setting = await startSetting();
  await (await setting.daemon({})).stop();
  await setting.run(["rewind", "--source", "acme", "--to", "1h", "--yes"]);
  const quiet = await setting.daemon();
  await quiet.until("window_delivered");
  assert.ok(!quiet.lines.some(({ event }) => event === "permissions_loose"));
  await quiet.stop();
  await chmod(setting.stateFolder, 0o777);
  await chmod(path.join(setting.stateFolder, "encryption.key"), 0o644);
  const daemon = await setting.daemon();
  const { level, files, remedy } = await daemon.until("permissions_loose");
  assert.deepEqual(
    [level, files],
    ["warn", [`${setting.stateFolder} (0777)`, `${setting.stateFolder}/encryption.key (0644)`]],
  );
  assert.equal(remedy, "run chmod -R go= on the state folder");
});
