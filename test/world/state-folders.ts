import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { mountSmallDisk, whyNoSmallDisk } from "../faults/full-disk.ts";
import type { Area, Row } from "./row.ts";
import type { Stage } from "./stage.ts";

const USER = 65_532;
const OTHER_USER = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups"];

/** Why the rows with another user are skipped; false when they can run. */
const skip = (): string | false => {
  if (process.getuid?.() !== 0) return "only root can become another user";
  return spawnSync("setpriv", ["--version"]).status === 0 ? false : "setpriv is not installed";
};

/** Makes the folder with a mode and an owner. */
async function make(folder: string, { mode, owner = 0 }: { mode: number; owner?: number }): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chown(folder, owner, owner);
  await chmod(folder, mode);
}

const LIVE = { delivered: "all", state: ["live"] } as const;
const UNUSABLE = { exit: 78, delivered: "none" } as const;

/** Folders that the daemon of another user cannot use, each with a reason and a remedy. */
const unusable: Row[] = [
  {
    name: "owned by root, 0700, daemon of another user",
    quick: true,
    skip,
    environment: async (stage) => {
      await make(stage.stateFolder, { mode: 0o700 });
      return { prefix: OTHER_USER };
    },
    expect: { ...UNUSABLE, prints: /65532.*chown|chown.*65532/s },
  },
  {
    name: "owned by root, 0755: readable, not writable",
    skip,
    environment: async (stage) => {
      await make(stage.stateFolder, { mode: 0o755 });
      return { prefix: OTHER_USER };
    },
    expect: { ...UNUSABLE, prints: /65532.*chown|chown.*65532/s },
  },
  {
    name: "the parent belongs to root",
    skip,
    environment: async (stage) => {
      await make(path.join(stage.folder, "parent"), { mode: 0o755 });
      return { prefix: OTHER_USER, config: { state: { directory: path.join(stage.folder, "parent/state") } } };
    },
    expect: { ...UNUSABLE, prints: /65532|permission/s },
  },
  {
    name: "files of root in a folder of the user",
    skip,
    environment: async (stage) => {
      await make(stage.stateFolder, { mode: 0o700, owner: USER });
      await writeFile(path.join(stage.stateFolder, "encryption.key"), `${Buffer.alloc(32, 7).toString("base64")}\n`);
      await chmod(path.join(stage.stateFolder, "encryption.key"), 0o600);
      return { prefix: OTHER_USER };
    },
    expect: { ...UNUSABLE, prints: /encryption\.key/ },
  },
  {
    name: "a read-only file system",
    skip: whyNoSmallDisk,
    environment: async (stage) => {
      await mkdir(stage.stateFolder);
      spawnSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", stage.stateFolder]);
      stage.cleanups.push(() => spawnSync("umount", ["--lazy", stage.stateFolder]));
      return {};
    },
    expect: { ...UNUSABLE, prints: /read-only.*volume|volume/s },
  },
  {
    name: "a file in its place",
    environment: async (stage) => {
      await writeFile(stage.stateFolder, "");
      return {};
    },
    expect: { ...UNUSABLE, prints: /state\.directory/ },
  },
  {
    name: "a folder below /proc",
    environment: () => ({ config: { state: { directory: "/proc/slack-audit-receiver" } } }),
    expect: { ...UNUSABLE, prints: /state\.directory/ },
  },
  {
    name: "a full disk from the start",
    skip: whyNoSmallDisk,
    environment: async (stage) => {
      await mkdir(stage.stateFolder);
      const disk = mountSmallDisk(stage.stateFolder);
      stage.cleanups.push(() => disk[Symbol.dispose]());
      await disk.fill();
      return {};
    },
    expect: { ...UNUSABLE, prints: /room|ENOSPC/ },
  },
];

/** A socket of root whose process was killed. */
function deadLock(stage: Stage): void {
  const file = path.join(stage.stateFolder, "lock-0123456789abcdef");
  const code = `require("net").createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", code]);
}

const usable: Row[] = [
  {
    name: "a dead lock of root, daemon of another user",
    quick: true,
    skip,
    environment: async (stage) => {
      await make(stage.stateFolder, { mode: 0o700, owner: USER });
      deadLock(stage);
      return { prefix: OTHER_USER };
    },
    expect: LIVE,
  },
  {
    name: "a dead lock of the same user",
    environment: async (stage) => {
      await make(stage.stateFolder, { mode: 0o700 });
      deadLock(stage);
      return {};
    },
    expect: LIVE,
  },
  {
    name: "missing, with missing parents",
    environment: (stage) => ({ config: { state: { directory: path.join(stage.folder, "a/b/c") } } }),
    expect: LIVE,
  },
  {
    name: "0777",
    environment: async (stage) => {
      await make(stage.stateFolder, { mode: 0o777 });
      return {};
    },
    expect: { ...LIVE, prints: /"level":"warn".*0?777/ },
  },
  {
    name: "a link to a folder",
    environment: async (stage) => {
      await make(path.join(stage.folder, "elsewhere"), { mode: 0o700 });
      await symlink(path.join(stage.folder, "elsewhere"), stage.stateFolder);
      return {};
    },
    expect: LIVE,
  },
  {
    name: "a path longer than a socket's address",
    environment: (stage) => ({ config: { state: { directory: path.join(stage.folder, "long".repeat(40)) } } }),
    expect: LIVE,
  },
];

/** Owners, modes and kinds of the state folder. */
export const stateFolders: Area = { name: "state folders", rows: [...unusable, ...usable] };
