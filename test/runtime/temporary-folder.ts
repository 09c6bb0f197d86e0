import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

/** Makes an empty folder and removes it after the test. */
export async function makeTemporaryFolder(t: Pick<TestContext, "after">): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "receiver-test-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
