import path from "node:path";
import { createNoopMeter } from "@opentelemetry/api";
import { collectorHttp, composeSend } from "../app.ts";
import type { Config } from "../config/config.ts";
import type { RecordEncoding } from "../encoding.ts";
import { createDeadLetters, type DeadLetter, type DeadLetters } from "../otlp/dead-letters.ts";
import { encodeAndSend } from "../otlp/encode-record.ts";
import { recordEncodings, type Send } from "../otlp/exporter.ts";
import { createLog } from "../runtime/log.ts";
import { type ConfigOption, chooseSource, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** Prints one line for each file of dead letters. */
export async function listDeadLetters(options: ConfigOption, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  const letters = open(config, terminal);
  let records = 0;
  for (const { name } of config.sources) {
    for (const file of await letters.list(name)) {
      const read = await letters.read(file);
      records += read.length;
      terminal.print(`${read[0]?.refusedAt}  ${name}  ${read.length} records  ${read[0]?.why}\n  ${file}\n`);
    }
  }
  if (records === 0) terminal.print("No dead letters\n");
  return 0;
}

/** Sends dead letters again, file by file. What is accepted is removed; the rest stays where it is. */
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
  const sender = { http, meterProvider, killed: new AbortController().signal };
  let left = 0;
  try {
    for (const source of sources) {
      const send = composeSend(source, { ...terminal, config, report }, sender);
      const encoding = recordEncodings[config.export.protocol];
      for (const file of await letters.list(source.name)) {
        const read = await letters.read(file);
        const refused = await sendAgain(read, { send, encoding });
        left += refused.length;
        if (refused.length === 0) await letters.remove(file);
        else if (refused.length < read.length) await letters.replace(file, refused);
        terminal.print(`${source.name}: ${read.length - refused.length} of ${read.length} accepted  ${file}\n`);
      }
    }
  } finally {
    await http.close();
  }
  terminal.print(
    left === 0 ? "Nothing is left\n" : `${left} records are left: the collector still does not take them\n`,
  );
  return left === 0 ? 0 : 78;
}

/** Sends all at once, then one by one where that is refused; returns what was not accepted. */
async function sendAgain(
  letters: readonly DeadLetter[],
  options: { send: Send; encoding: RecordEncoding },
): Promise<DeadLetter[]> {
  const outcome = await encodeAndSend(
    letters.map(({ record }) => record),
    options,
  );
  if (outcome.status === "ok") return [];
  if (outcome.status !== "refused" || letters.length === 1) return [...letters];
  const refused: DeadLetter[] = [];
  for (const letter of letters) refused.push(...(await sendAgain([letter], options)));
  return refused;
}

function open({ state }: Config, terminal: Terminal): DeadLetters {
  return createDeadLetters(path.join(state.directory, "dead-letters"), terminal);
}
