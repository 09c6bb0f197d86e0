import type { FileHandle } from "node:fs/promises";
import { type Files, systemFiles } from "../../src/runtime/files.ts";

/** The file system, of which one call can be made to fail. */
export interface FaultyFiles extends Files {
  /** The calls so far, those of open files included: `open`, `writeFile`, `sync`, `close`, `rename` … */
  readonly calls: string[];
  /** Asked before each call; a code such as `ENOSPC` makes it fail. */
  fail: (call: string, index: number) => string | undefined;
}

/** Wraps the real file system. A write that fails has written half, and a close that fails has closed. */
export function createFaultyFiles(fail: FaultyFiles["fail"] = () => undefined): FaultyFiles {
  const calls: string[] = [];
  const check = (call: string) => {
    const code = faulty.fail(call, calls.push(call) - 1);
    if (code) throw Object.assign(new Error(`${code}: injected, ${call}`), { code });
  };
  const faulty: FaultyFiles = {
    ...wrap(systemFiles, ["link", "mkdir", "readFile", "readdir", "rename", "rm", "stat"], check),
    calls,
    fail,
    open: async (...args: Parameters<Files["open"]>) => {
      check("open");
      return wrapHandle(await systemFiles.open(...args), check);
    },
  } as FaultyFiles;
  return faulty;
}

function wrap(target: Files, names: readonly (keyof Files)[], check: (call: string) => void): Partial<Files> {
  const wrapped = names.map((name) => {
    const call = target[name] as (...args: unknown[]) => Promise<unknown>;
    const checked = async (...args: unknown[]) => {
      check(name);
      return call(...args);
    };
    return [name, checked];
  });
  return Object.fromEntries(wrapped);
}

function wrapHandle(handle: FileHandle, check: (call: string) => void): Partial<FileHandle> {
  return {
    fd: handle.fd,
    async writeFile(data) {
      try {
        check("writeFile");
      } catch (error) {
        await handle.writeFile(String(data).slice(0, String(data).length / 2));
        throw error;
      }
      await handle.writeFile(data);
    },
    async sync() {
      check("sync");
      await handle.sync();
    },
    async close() {
      await handle.close();
      check("close");
    },
  };
}
