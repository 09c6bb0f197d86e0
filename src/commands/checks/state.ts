import path from "node:path";
import { openConfiguredState, readConfiguredState } from "../../app.ts";
import type { Config } from "../../config/config.ts";
import type { Grants } from "../../model.ts";
import { errorCode, replaceDurably } from "../../runtime/files.ts";
import { LockedError } from "../../state/lock.ts";
import { StateError } from "../../state/state-error.ts";
import type { Terminal } from "../terminal.ts";
import type { Finding } from "./finding.ts";
import { looseFindings } from "./permissions.ts";

/** What the state folder holds and allows. */
export interface CheckedState {
  readonly findings: readonly Finding[];
  readonly grants: Grants;
  /** The daemon that uses the folder at this moment. */
  readonly holder: string | undefined;
}

/** Opens the state as `run` does, then writes, syncs, renames and removes a file in each folder that `run` writes to. */
export async function checkState(config: Config, terminal: Terminal): Promise<CheckedState> {
  const { directory } = config.state;
  const opened = await open(config, terminal);
  const { holder, grants } = opened;
  if (opened.why !== undefined) return { grants, holder, findings: [{ what: "state", why: opened.why }] };
  const user = holder === undefined ? "" : `, is in use by ${holder}`;
  const state = await tryWriting("state", directory, terminal);
  const letters = await checkDeadLetters(config, terminal);
  const loose = await looseFindings(config, terminal);
  return {
    grants,
    holder,
    findings: [state ?? { what: "state", good: `${directory} can be written${user}` }, ...letters, ...loose],
  };
}

const NO_GRANTS: Grants = { load: () => undefined, save: async () => {} };

async function open(
  config: Config,
  terminal: Terminal,
): Promise<{ readonly grants: Grants; readonly holder: string | undefined; readonly why?: string }> {
  try {
    const { grants, close } = await openConfiguredState(config, terminal, () => {});
    await close();
    return { grants, holder: undefined };
  } catch (error) {
    if (!(error instanceof LockedError))
      return { grants: NO_GRANTS, holder: undefined, why: whyUnusable(error, config) };
  }
  try {
    const { grants, holder = "another process" } = await readConfiguredState(config, terminal, () => {});
    return { grants, holder };
  } catch (error) {
    return { grants: NO_GRANTS, holder: "another process", why: whyUnusable(error, config) };
  }
}

function whyUnusable(error: unknown, { state }: Config): string {
  if (error instanceof StateError) return error.message;
  const code = errorCode(error);
  if (code === undefined) throw error;
  const [why, remedy] = unwritable(code);
  return `Cannot use state folder "${state.directory}": ${why}; ${remedy}`;
}

/** The folders that are not there yet are made below one that was tried already. */
async function checkDeadLetters({ state, sources }: Config, terminal: Terminal): Promise<Finding[]> {
  const top = path.join(state.directory, "dead-letters");
  const findings: Finding[] = [];
  for (const folder of [top, ...sources.map(({ name }) => path.join(top, name))]) {
    const there = await terminal.files.readdir(folder).then(
      () => true,
      (error) => errorCode(error) !== "ENOENT",
    );
    const finding = there && (await tryWriting("dead letters", folder, terminal));
    if (finding) findings.push(finding);
  }
  return findings.length > 0 ? findings : [{ what: "dead letters", good: `${top} can be written when it is needed` }];
}

async function tryWriting(
  what: string,
  folder: string,
  { files, random }: Pick<Terminal, "files" | "random">,
): Promise<Finding | undefined> {
  // What a killed check leaves has the form of a temporary file, so the next start removes it.
  const file = path.join(folder, `.check.${random.bytes(8).toString("hex")}.tmp`);
  try {
    await replaceDurably(file, "written by slack-audit-receiver check\n", { files, random });
    await files.rm(file);
    return undefined;
  } catch (error) {
    const [why, remedy] = unwritable(errorCode(error) ?? String(error));
    return { what, why: `Cannot write in "${folder}": ${why}`, remedy };
  }
}

function unwritable(code: string): readonly [why: string, remedy: string] {
  return UNWRITABLE[code] ?? [code, "make the folder writable for this user"];
}

const OWNER = "give the folder to this user with chown, or set state.directory to one that this user can write";
const ROOM = "make room on the disk";

/** What a folder can answer to a write. */
const UNWRITABLE: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  EACCES: ["permission is denied", OWNER],
  EPERM: ["the operation is not permitted", OWNER],
  EROFS: ["the file system is read-only", "mount a volume there that can be written"],
  ENOSPC: ["there is no room left", ROOM],
  EDQUOT: ["the quota is used up", ROOM],
  ENOENT: ["there is no such folder", "make the folder"],
  ENOTDIR: ["it is no folder", "set state.directory to a folder"],
  EIO: ["the disk fails", "look into the machine's log"],
};
