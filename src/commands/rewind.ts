import { createInterface } from "node:readline/promises";
import { openConfiguredState } from "../compose/configured-state.ts";
import { parseStartAt } from "../config/scalars.ts";
import type { Seconds } from "../model.ts";
import { positionAt, positionFromJson, positionToJson } from "../slack/audit/walk/position.ts";
import { createLog } from "../telemetry/log.ts";
import { ExitCode } from "./exit-code.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** The options of `rewind`. */
export interface RewindOptions extends ConfigOption {
  readonly source?: string;
  readonly to?: string;
  readonly yes?: boolean;
}

/** Moves a source's position back. Later entries are delivered again, with the same `log.record.uid`. */
export async function rewind(options: RewindOptions, terminal: Terminal): Promise<number> {
  const name = required("--source <name>", options.source);
  const to = required("--to <time>", options.to);
  const config = await load(options, terminal);
  const source = chooseSource(config, name);
  const now = Math.floor(terminal.clock.now() / 1_000);
  const at = parseTime(to, now);
  if (at > now)
    throw new UsageError(`Cannot rewind to ${text(at)}: it is in the future, and a position moves back only`);
  if (at < 0) throw new UsageError(`Cannot rewind to ${text(at)}: it is before 1970; choose a later time`);
  const log = createLog({
    level: config.log.level,
    format: config.log.format,
    secrets: config.secrets,
    write: terminal.warn,
  });
  const state = await openConfiguredState(config, terminal, log);
  try {
    const stored = state.checkpoints.load(source.name);
    const position = stored === undefined ? undefined : positionFromJson(stored);
    if (position && at > position.through) {
      throw new UsageError(
        `Cannot rewind to ${text(at)}: the position is ${text(position.through)}, and it moves back only`,
      );
    }
    const from = position ? `from ${text(position.through)} back ` : "";
    if (!options.yes && !(await confirm(`Move source "${source.name}" ${from}to ${text(at)}?`, terminal))) {
      terminal.print("Nothing is changed\n");
      return ExitCode.done;
    }
    const next = { ...positionAt(at), ...(position?.organisation && { organisation: position.organisation }) };
    await state.checkpoints.save(source.name, positionToJson(next), new AbortController().signal);
    terminal.print(`Source "${source.name}" goes on from ${text(at)}\n`);
    return ExitCode.done;
  } finally {
    await state.close();
  }
}

function required(option: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`Cannot go on without option ${option}: add it`);
  return value;
}

function parseTime(to: string, now: Seconds): Seconds {
  const parsed = parseStartAt(to);
  if (!parsed)
    throw new UsageError(`Cannot read --to "${to}": use an RFC 3339 time such as 2026-11-22T10:00:00Z, or 6h`);
  return "at" in parsed ? parsed.at : now - parsed.secondsBack;
}

async function confirm(question: string, { input, warn }: Terminal): Promise<boolean> {
  if (!input.isTTY) throw new UsageError("Cannot ask for a confirmation here: there is no terminal; add --yes");
  warn(`${question} Entries from then on are delivered again [y/N] `);
  const lines = createInterface({ input });
  try {
    const { value } = await lines[Symbol.asyncIterator]().next();
    return /^y(es)?$/i.test(String(value).trim());
  } finally {
    lines.close();
  }
}

function text(seconds: Seconds): string {
  return new Date(seconds * 1_000).toISOString();
}
