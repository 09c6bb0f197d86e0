import path from "node:path";
import type { RandomValues } from "../../src/demo/random-values.ts";

/** A file: `text` is what programs read, `synced` what survives a power loss; undefined before the first sync. */
export interface FileNode {
  readonly kind: "file";
  text: string;
  synced: string | undefined;
}

export interface FolderNode {
  readonly kind: "folder";
  names: Map<string, DiskNode>;
  synced: Map<string, DiskNode>;
  /** The changes of names since the last sync, in order. */
  changes: Change[];
}

export type DiskNode = FileNode | FolderNode;
type Change = (names: Map<string, DiskNode>) => void;

/** The content of a disk, and what a power loss would leave of it. */
export interface DiskImage {
  /** The node at a path, if there is one. */
  find(file: string): DiskNode | undefined;
  /** Changes the names in the folder of `file`. Throws ENOENT if there is no such folder. */
  change(file: string, change: Change): void;
  /** Loses what was not synced, or a random part of it. */
  losePower(dice: RandomValues): void;
  /** The text that survives any power loss; undefined if the file may be lost. */
  durableText(file: string): string | undefined;
  /** The names in a folder that survive any power loss. */
  durableNames(folder: string): string[];
}

export function createFolder(): FolderNode {
  return { kind: "folder", names: new Map(), synced: new Map(), changes: [] };
}

export function syncFolder(folder: FolderNode): void {
  folder.synced = new Map(folder.names);
  folder.changes = [];
}

export function createDiskImage(): DiskImage {
  const root = createFolder();
  const walk = (file: string, members: "names" | "synced") => {
    let node: DiskNode | undefined = root;
    for (const name of file.split(path.sep).filter(Boolean)) {
      node = node?.kind === "folder" ? node[members].get(name) : undefined;
    }
    return node;
  };
  const find = (file: string) => walk(file, "names");
  return {
    find,
    change(file, change) {
      const folder = find(path.dirname(file));
      if (folder?.kind !== "folder") throw Object.assign(new Error(`ENOENT: ${file}`), { code: "ENOENT" });
      change(folder.names);
      folder.changes.push(change);
    },
    losePower: (dice) => recover(root, dice),
    durableText(file) {
      const node = walk(file, "synced");
      return node?.kind === "file" ? node.synced : undefined;
    },
    durableNames(folder) {
      const node = walk(folder, "synced");
      return node?.kind === "folder" ? [...node.synced.keys()] : [];
    },
  };
}

/** File systems with a journal keep the first few changes; others may keep any of them. */
function recover(folder: FolderNode, dice: RandomValues): void {
  const kept = dice.integer(0, folder.changes.length);
  const inOrder = dice.chance(0.5);
  for (const [index, change] of folder.changes.entries()) {
    if (inOrder ? index < kept : dice.chance(0.5)) change(folder.synced);
  }
  folder.names = new Map(folder.synced);
  folder.changes = [];
  for (const node of folder.names.values()) {
    if (node.kind === "folder") recover(node, dice);
    else if (node.text !== node.synced) {
      node.text = node.synced ?? node.text.slice(0, dice.integer(0, node.text.length));
      node.synced = node.text;
    }
  }
}
