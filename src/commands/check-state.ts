import path from "node:path";
import { openConfiguredState, readConfiguredState } from "../compose/configured-state.ts";
import type { Config } from "../config/config.ts";
import type { Grants } from "../model.ts";
import { describeFileError } from "../runtime/describe-file-error.ts";
import { errorCode, replaceDurably } from "../runtime/files.ts";
import { LockedError } from "../state/lock.ts";
import { LOOSE_REMEDY, listLooseFiles } from "../state/loose-files.ts";
import { StateError } from "../state/state-error.ts";
import type { Finding } from "./finding.ts";
import type { Terminal } from "./terminal.ts";

/** The result of `checkState`. */
export interface CheckedState {
  readonly findings: readonly Finding[];
  readonly grants: Grants;
  /** The daemon that holds the state, if one is running. */
  readonly holder: string | undefined;
}

/** Opens the state as `run` does, then writes, syncs, renames and removes a file in each folder that `run` writes to. */
export async function checkState(config: Config, terminal: Terminal): Promise<CheckedState> {
  const { directory } = config.state;
  const opened = await open(config, terminal);
  const { holder, grants } = opened;
  if (opened.fault) return { grants, holder, findings: [{ what: "state", ...opened.fault }] };
  const user = holder === undefined ? "" : `, is in use by ${holder}`;
  const state = await tryWriting("state", directory, terminal);
  const letters = await checkDeadLetters(config, terminal);
  const loose = await listLooseFiles(directory, terminal);
  return {
    grants,
    holder,
    findings: [
      state ?? { what: "state", good: `${directory} can be written${user}` },
      ...letters,
      ...loose.map(toFinding),
    ],
  };
}

const NO_GRANTS: Grants = { load: () => undefined, save: async () => {} };

interface Opened {
  readonly grants: Grants;
  readonly holder: string | undefined;
  readonly fault?: { readonly why: string; readonly remedy: string };
}

async function open(config: Config, terminal: Terminal): Promise<Opened> {
  try {
    const { grants, close } = await openConfiguredState(config, terminal, () => {});
    await close();
    return { grants, holder: undefined };
  } catch (error) {
    if (!(error instanceof LockedError)) return unusable(error, undefined);
  }
  try {
    const { grants, holder = "another process" } = await readConfiguredState(config, terminal, () => {});
    return { grants, holder };
  } catch (error) {
    return unusable(error, "another process");
  }
}

function unusable(error: unknown, holder: string | undefined): Opened {
  if (!(error instanceof StateError)) throw error;
  return { grants: NO_GRANTS, holder, fault: { why: error.what, remedy: error.remedy } };
}

function toFinding(loose: string): Finding {
  return { what: "permissions", why: `Other users can use ${loose}`, remedy: LOOSE_REMEDY };
}

/** Missing folders are no fault: `run` makes them in a folder that was tried before. */
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
  { files, random, uid }: Pick<Terminal, "files" | "random" | "uid">,
): Promise<Finding | undefined> {
  // Named as a temporary file: if this process is killed, the next start removes it.
  const file = path.join(folder, `.check.${random.bytes(8).toString("hex")}.tmp`);
  try {
    await replaceDurably(file, "written by slack-audit-receiver check\n", { files, random });
    await files.rm(file);
    return undefined;
  } catch (error) {
    const fault = describeFileError(error, { path: folder, uid, elsewhere: "set state.directory to another folder" });
    if (!fault) throw error;
    return { what, why: `Cannot write in "${folder}": ${fault.why}`, remedy: fault.remedy };
  }
}
