import { runDaemon } from "../app.ts";
import { createLife } from "../runtime/life.ts";
import { createLog } from "../runtime/log.ts";
import { type ConfigOption, load } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** The daemon: runs until a signal ends it. */
export async function run(options: ConfigOption, terminal: Terminal): Promise<number> {
  const config = await load(options, terminal);
  const log = createLog({ ...config.log, secrets: config.secrets, write: terminal.print });
  const life = createLife(terminal.signals, {
    graceMs: config.shutdownGraceMs,
    clock: terminal.clock,
    report: log,
    exitNow: terminal.exitNow,
  });
  const showLink = (source: string, link: string) =>
    terminal.print(`Open this in a browser, as an owner of the organisation of "${source}":\n\n  ${link}\n\n`);
  return runDaemon(config, terminal, { life, log, ...(terminal.isPerson && { showLink }) });
}
