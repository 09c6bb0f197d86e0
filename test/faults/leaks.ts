import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { SinkRecord } from "../../src/demo/sink/sink.ts";
import type { Canaries } from "./count.ts";

/** Asserts that no text contains a secret. */
export function assertNoLeak(canaries: Canaries, texts: Readonly<Record<string, string>>): void {
  const leaks = Object.entries(texts).flatMap(([where, text]) =>
    Object.entries(canaries)
      .filter(([, secret]) => text.includes(secret))
      .map(([name]) => `${name} in ${where}`),
  );
  assert.deepEqual(leaks, []);
}

/** Reads all files below a folder. */
export async function textsIn(folder: string): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const)),
  );
}

/** All records that the collector received, without the headers, which hold a secret. */
export function textOf(records: readonly SinkRecord[]): string {
  return JSON.stringify(records, (_, value) => (typeof value === "bigint" ? String(value) : value));
}
