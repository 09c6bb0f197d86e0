import type { FileHandle } from "node:fs/promises";
import { type Files, systemFiles } from "../../src/runtime/files.ts";

/** A file system whose calls can be made to fail. */
export interface FaultyFiles extends Files {
  /** The calls so far, with those of file handles: `open`, `writeFile`, `sync`, `close`, `rename` … */
  readonly calls: string[];
  /** Called before each call. Returns the code to fail with, such as `ENOSPC`. */
  fail: (call: string, index: number) => string | undefined;
}

/** Wraps the real file system. A failed write has written half; a failed close has closed. */
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
    /** The calls that Node makes, one by one. */
    writeFile: async (file: string, text: string, { flag, mode, flush }: WriteOptions) => {
      const handle = await faulty.open(file, flag, mode);
      try {
        await handle.writeFile(text);
        if (flush) await handle.sync();
      } finally {
        await handle.close();
      }
    },
  } as FaultyFiles;
  return faulty;
}

interface WriteOptions {
  readonly flag: string;
  readonly mode: number;
  readonly flush?: boolean;
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
