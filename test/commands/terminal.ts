import { EventEmitter } from "node:events";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { runCommandLine } from "../../src/commands/command-line.ts";
import type { Terminal } from "../../src/commands/terminal.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { systemFiles } from "../../src/runtime/files.ts";
import { systemRandom } from "../../src/runtime/random.ts";

/** The output of a command line, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, without a terminal and with an empty environment. */
export async function runCommands(args: readonly string[], changes: Partial<Terminal> = {}): Promise<Printed> {
  const printed = { stdout: "", stderr: "" };
  const terminal = {
    env: {},
    clock: systemClock,
    random: systemRandom,
    files: systemFiles,
    version: "1.2.3",
    holder: "this test",
    uid: 1_000,
    groups: [],
    isPerson: false,
    print: (text: string) => {
      printed.stdout += text;
    },
    log: () => true,
    flush: async () => undefined,
    readerGone: new AbortController().signal,
    warn: (text: string) => {
      printed.stderr += text;
    },
    input: Readable.from([]),
    makeTemporaryFolder: () => tmpdir(),
    signals: new EventEmitter(),
    exitNow: () => {},
    ...changes,
  };
  const code = await runCommandLine(args, terminal);
  return { code, ...printed };
}
