import { spawnSync } from "node:child_process";
import { open, rm } from "node:fs/promises";
import path from "node:path";

/** A small disk on a tmpfs. */
export interface SmallDisk {
  /** Writes until the disk is full. */
  fill(): Promise<void>;
  /** Frees that room. */
  makeRoom(): Promise<void>;
  [Symbol.dispose](): void;
}

/** Why this machine cannot mount a small disk; false if it can. */
export function whyNoSmallDisk(): string | false {
  if (process.platform !== "linux") return "tmpfs is there on Linux only";
  const tried = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { encoding: "utf8" });
  if (tried.error) return "unshare is not installed";
  return tried.status === 0 ? false : `this user may not mount a tmpfs: ${tried.stderr.trim()}`;
}

/** Mounts a small disk on an existing folder. */
export function mountSmallDisk(folder: string): SmallDisk {
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", folder], {
    encoding: "utf8",
  });
  if (mounted.status !== 0) throw new Error(`Cannot mount a tmpfs: ${mounted.stderr}`);
  const ballast = path.join(folder, "ballast");
  return {
    async fill() {
      const handle = await open(ballast, "a");
      try {
        for (;;) await handle.write(Buffer.alloc(512));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      } finally {
        await handle.close();
      }
    },
    makeRoom: () => rm(ballast, { force: true }),
    [Symbol.dispose]: () => void spawnSync("umount", ["--lazy", folder]),
  };
}
