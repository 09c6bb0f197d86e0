import path from "node:path";
import { createNoopMeter } from "@opentelemetry/api";
import { composeSend } from "../compose/source.ts";
import { collectorHttp } from "../compose.ts";
import type { Config } from "../config/config.ts";
import type { RecordEncoding } from "../encoding.ts";
import { createDeadLetters, type DeadLetter, type DeadLetters } from "../otlp/export/dead-letters.ts";
import { encodeAndSend, type Send } from "../otlp/export/send.ts";
import { recordEncodings } from "../otlp/protocols.ts";
import { errorCode } from "../runtime/files.ts";
import { printable } from "../runtime/printable.ts";
import { createLog } from "../telemetry/log.ts";
import { isUnreachable } from "./checks/finding.ts";
import { ExitCode } from "./exit-code.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** Prints one line for each file of dead letters. */
export async function listDeadLetters(options: ConfigOption, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  const letters = open(config, terminal);
  let found = 0;
  let damaged = 0;
  for (const { name } of config.sources) {
    for (const file of await letters.list(name)) {
      found++;
      const read = await readIntact(letters, file);
      const [first] = read ?? [];
      if (!read || !first) damaged++;
      const what = read && first ? `${read.length} records  ${printable(first.why)}` : DAMAGED;
      terminal.print(`${first?.refusedAt ?? "unknown time"}  ${name}  ${what}\n  ${printable(file)}\n`);
    }
  }
  if (found === 0) terminal.print("No dead letters\n");
  return damaged === 0 ? ExitCode.done : ExitCode.unusable;
}

const DAMAGED = "cannot be read: the file is damaged; move it away";

/** Undefined where the file is not what was written. */
async function readIntact(letters: DeadLetters, file: string): Promise<readonly DeadLetter[] | undefined> {
  try {
    return await letters.read(file);
  } catch (error) {
    if (errorCode(error) !== undefined) throw error;
    return undefined;
  }
}

/**
 * Sends dead letters again, file by file. What is accepted is removed; the rest stays where it is. The exit code is 69 where
 * the collector cannot be reached, and 78 where it still refuses some.
 */
export async function replayDeadLetters(
  options: ConfigOption & { source?: string },
  terminal: Terminal,
): Promise<number> {
  const config = await load(options, terminal);
  const sources = options.source === undefined ? config.sources : [chooseSource(config, options.source)];
  const letters = open(config, terminal);
  const report = createLog({ ...config.log, secrets: config.secrets, write: terminal.warn });
  const http = collectorHttp(config, terminal);
  const meterProvider = { getMeter: createNoopMeter };
  const sender = { http, meterProvider, hardStop: new AbortController().signal };
  let left = 0;
  let damaged = 0;
  let unreachable: string | undefined;
  try {
    for (const source of sources) {
      const send = composeSend(source, { ...terminal, config, report }, sender);
      const encoding = recordEncodings[config.export.protocol];
      for (const file of await letters.list(source.name)) {
        const read = await readIntact(letters, file);
        if (!read) {
          damaged++;
          terminal.print(`${source.name}: ${DAMAGED}  ${file}\n`);
          continue;
        }
        const { left: refused, why } =
          unreachable === undefined ? await sendAgain(read, { send, encoding }) : { left: read };
        unreachable ??= why;
        left += refused.length;
        if (refused.length === 0) await letters.remove(file);
        else if (refused.length < read.length) await letters.replace(file, refused);
        terminal.print(`${source.name}: ${read.length - refused.length} of ${read.length} accepted  ${file}\n`);
      }
    }
  } finally {
    await http.close();
  }
  if (unreachable !== undefined) {
    terminal.print(`${left} records are left: ${printable(unreachable)}; try again once the collector answers\n`);
    return ExitCode.unavailable;
  }
  if (damaged > 0 && left === 0) return ExitCode.unusable;
  terminal.print(
    left === 0 ? "Nothing is left\n" : `${left} records are left: the collector still does not take them\n`,
  );
  return left === 0 && damaged === 0 ? ExitCode.done : ExitCode.unusable;
}

/** What was not accepted; `why` where the collector could not be reached, so that more attempts are pointless. */
interface Again {
  readonly left: readonly DeadLetter[];
  readonly why?: string | undefined;
}

/** Sends all at once, then one by one where that is refused. */
async function sendAgain(
  letters: readonly DeadLetter[],
  options: { send: Send; encoding: RecordEncoding },
): Promise<Again> {
  const outcome = await encodeAndSend(
    letters.map(({ record }) => record),
    options,
  );
  if (outcome.status === "ok") return { left: [] };
  if (outcome.status !== "refused") return { left: letters, why: isUnreachable(outcome) ? outcome.why : undefined };
  if (letters.length === 1) return { left: letters };
  const left: DeadLetter[] = [];
  let why: string | undefined;
  for (const letter of letters) {
    const again: Again = why === undefined ? await sendAgain([letter], options) : { left: [letter] };
    left.push(...again.left);
    why ??= again.why;
  }
  return { left, why };
}

function open({ state }: Config, terminal: Terminal): DeadLetters {
  return createDeadLetters(path.join(state.directory, "dead-letters"), terminal);
}
