import path from "node:path";
import type { Config } from "../../config/config.ts";
import type { Files } from "../../runtime/files.ts";
import type { Terminal } from "../terminal.ts";
import type { Finding } from "./finding.ts";

/** A fault for each part of the state that other users of the machine can read or write. */
export async function looseFindings({ state }: Config, { files }: Pick<Terminal, "files">): Promise<Finding[]> {
  const names = await files.readdir(state.directory).catch(() => []);
  const kept = names.filter((name) => SECRET.test(name));
  const paths = [state.directory, ...kept.map((name) => path.join(state.directory, name))];
  const modes = await Promise.all(paths.map(async (file) => ({ file, mode: await modeOf(file, files) })));
  return modes
    .filter(({ file, mode }) => (mode & (file === state.directory ? WRITABLE_BY_ANYBODY : USABLE_BY_OTHERS)) !== 0)
    .map(({ file, mode }) => ({
      what: "permissions",
      why: `Other users can use "${file}": its mode is ${(mode & 0o777).toString(8).padStart(4, "0")}`,
      remedy: `run: chmod ${file === state.directory ? "700" : "600"} '${file}'`,
    }));
}

/** The group may be this process's own: Kubernetes gives a volume to the group of the pod. */
const WRITABLE_BY_ANYBODY = 0o002;
const USABLE_BY_OTHERS = 0o066;

const SECRET = /^(encryption\.key|setup\.key|grants\.json|checkpoints\.json)(\.previous)?$/;

/** 0 where it cannot be told: what cannot be opened is reported elsewhere. */
async function modeOf(file: string, files: Files): Promise<number> {
  const handle = await files.open(file, "r").catch(() => undefined);
  if (!handle) return 0;
  try {
    return (await handle.stat()).mode;
  } finally {
    await handle.close();
  }
}
