import path from "node:path";
import { createNoopMeter } from "@opentelemetry/api";
import { createCollectorHttp } from "../compose/http-clients.ts";
import { composeSend } from "../compose/source.ts";
import type { Config } from "../config/config.ts";
import type { RecordEncoding } from "../encoding.ts";
import { createDeadLetters, type DeadLetter, type DeadLetters } from "../otlp/export/dead-letters.ts";
import { encodeAndSend, type Send } from "../otlp/export/send.ts";
import { recordEncodings } from "../otlp/protocols.ts";
import { escapeControls } from "../runtime/escape-controls.ts";
import { errorCode } from "../runtime/files.ts";
import { createLog } from "../telemetry/log.ts";
import { ExitCode } from "./exit-code.ts";
import { isUnreachable } from "./finding.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** Prints the time, source, number of records and reason of each file of dead letters. */
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
      const what = read && first ? `${read.length} records  ${escapeControls(first.why)}` : DAMAGED;
      terminal.print(`${first?.refusedAt ?? "unknown time"}  ${name}  ${what}\n  ${escapeControls(file)}\n`);
    }
  }
  if (found === 0) terminal.print("No dead letters\n");
  return damaged === 0 ? ExitCode.done : ExitCode.unusable;
}

const DAMAGED = "cannot be read: the file is damaged; move it away";

/** Reads a file of dead letters. Undefined when the file is damaged. */
async function readIntact(letters: DeadLetters, file: string): Promise<readonly DeadLetter[] | undefined> {
  try {
    return await letters.read(file);
  } catch (error) {
    if (errorCode(error) !== undefined) throw error;
    return undefined;
  }
}

/**
 * Sends dead letters again, file by file. Accepted records are removed from the files. The exit code is 69 when the collector
 * cannot be reached, and 78 when it refuses some records or when a file is damaged.
 */
export async function replayDeadLetters(
  options: ConfigOption & { source?: string },
  terminal: Terminal,
): Promise<number> {
  const { clock, version } = terminal;
  const config = await load(options, terminal);
  const sources = options.source === undefined ? config.sources : [chooseSource(config, options.source)];
  const letters = open(config, terminal);
  const report = createLog({
    level: config.log.level,
    format: config.log.format,
    secrets: config.secrets,
    write: terminal.warn,
  });
  const http = createCollectorHttp(config, terminal);
  const meterProvider = { getMeter: createNoopMeter };
  const sender = { http, meterProvider, hardStop: new AbortController().signal };
  let left = 0;
  let damaged = 0;
  let unreachable: string | undefined;
  try {
    for (const source of sources) {
      const send = composeSend(source, { config, clock, version, report }, sender);
      const encoding = recordEncodings[config.export.protocol];
      for (const file of await letters.list(source.name)) {
        const read = await readIntact(letters, file);
        if (!read) {
          damaged++;
          terminal.print(`${source.name}: ${DAMAGED}  ${file}\n`);
          continue;
        }
        const { left: refused, why } =
          unreachable === undefined ? await resend(read, { send, encoding }) : { left: read };
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
    terminal.print(`${left} records are left: ${escapeControls(unreachable)}; try again once the collector answers\n`);
    return ExitCode.unavailable;
  }
  if (damaged > 0 && left === 0) return ExitCode.unusable;
  terminal.print(
    left === 0 ? "Nothing is left\n" : `${left} records are left: the collector still does not take them\n`,
  );
  return left === 0 && damaged === 0 ? ExitCode.done : ExitCode.unusable;
}

/** The records that were not accepted. `why` is set when the collector cannot be reached: further attempts are pointless. */
interface Resent {
  readonly left: readonly DeadLetter[];
  readonly why?: string | undefined;
}

/** Sends all records in one request. If that is refused, sends them one by one. */
async function resend(
  letters: readonly DeadLetter[],
  options: { send: Send; encoding: RecordEncoding },
): Promise<Resent> {
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
    const again: Resent = why === undefined ? await resend([letter], options) : { left: [letter] };
    left.push(...again.left);
    why ??= again.why;
  }
  return { left, why };
}

function open({ state }: Config, terminal: Terminal): DeadLetters {
  const { files, random, clock } = terminal;
  return createDeadLetters(path.join(state.directory, "dead-letters"), { files, random, clock });
}
