import path from "node:path";
import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Files } from "../../src/runtime/files.ts";
import { createFolder, type DiskImage, type DiskNode, syncFolder } from "./disk-image.ts";
import type { Incarnation } from "./incarnation.ts";

export interface DiskOptions {
  readonly image: DiskImage;
  readonly incarnation: Pick<Incarnation, "perform">;
  readonly dice: RandomValues;
  /** The error of the disk at this moment; undefined while it works. */
  readonly fault: () => "ENOSPC" | "EIO" | undefined;
  /** Called with the text of a file that was renamed to `file`. */
  readonly replaced: (file: string, text: string) => void;
}

/** Calls that a full disk still serves. */
const NEED_NO_ROOM = new Set(["read", "sync", "rm", "close"]);

/** The file system as one process sees it: the process may crash at each call, and a call may fail. */
export function createDisk({ image, incarnation, dice, fault, replaced }: DiskOptions): Files {
  const call = <Value>(name: string, act: () => Value) =>
    incarnation.perform(() => {
      const code = fault();
      if (code && !(code === "ENOSPC" && NEED_NO_ROOM.has(name)) && dice.chance(0.7)) throw failed(code, name);
      return act();
    });

  const files = {
    mkdir: (folder: string) =>
      call("mkdir", () => {
        const missing: string[] = [];
        for (let at = folder; !image.find(at); at = path.dirname(at)) missing.unshift(at);
        for (const at of missing) {
          const made = createFolder();
          image.change(at, (names) => names.set(path.basename(at), made));
        }
        return missing[0];
      }),
    open: (file: string, flag: string) =>
      call(flag === "wx" ? "create" : "read", () => {
        if (flag === "wx") {
          if (image.find(file)) throw failed("EEXIST", file);
          const made: DiskNode = { kind: "file", text: "", synced: undefined };
          image.change(file, (names) => names.set(path.basename(file), made));
        }
        return handle(found(file));
      }),
    /** The calls that Node makes, one by one. */
    writeFile: async (file: string, text: string, { flag, flush }: { flag: string; flush?: boolean }) => {
      const opened = await files.open(file, flag);
      try {
        await opened.writeFile(text);
        if (flush) await opened.sync();
      } finally {
        await opened.close();
      }
    },
    readFile: (file: string) =>
      call("read", () => {
        const node = found(file);
        if (node.kind === "folder") throw failed("EISDIR", file);
        return node.text;
      }),
    readdir: (folder: string) =>
      call("read", () => {
        const node = found(folder);
        if (node.kind === "file") throw failed("ENOTDIR", folder);
        return [...node.names.keys()];
      }),
    rename: (from: string, to: string) =>
      call("rename", () => {
        const node = found(from);
        image.change(to, (names) => {
          names.delete(path.basename(from));
          names.set(path.basename(to), node);
        });
        if (node.kind === "file") replaced(to, node.text);
      }),
    link: (from: string, to: string) =>
      call("link", () => {
        const node = found(from);
        if (image.find(to)) throw failed("EEXIST", to);
        image.change(to, (names) => names.set(path.basename(to), node));
      }),
    rm: (file: string, { force }: { force?: boolean } = {}) =>
      call("rm", () => {
        if (!image.find(file) && force) return;
        found(file);
        image.change(file, (names) => names.delete(path.basename(file)));
      }),
  };
  return files as unknown as Files;

  function found(file: string): DiskNode {
    const node = image.find(file);
    if (!node) throw failed("ENOENT", file);
    return node;
  }

  function handle(node: DiskNode) {
    return {
      writeFile: (text: string) =>
        incarnation.perform(() => {
          if (node.kind === "folder") throw failed("EISDIR", "write");
          const code = fault();
          // A write that fails has written a part.
          const fits = code && dice.chance(0.7) ? dice.integer(0, text.length) : text.length;
          node.text = text.slice(0, fits);
          if (fits < text.length) throw failed(code ?? "ENOSPC", "write");
        }),
      sync: () =>
        call("sync", () => {
          if (node.kind === "folder") syncFolder(node);
          else node.synced = node.text;
        }),
      close: () => call("close", () => {}),
    };
  }
}

function failed(code: string, call: string): Error {
  return Object.assign(new Error(`${code}: ${call}`), { code });
}
