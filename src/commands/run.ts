import { runDaemon } from "../compose.ts";
import { loadReloadableConfig, type ReloadableConfig } from "../config/reloadable-config.ts";
import type { Event, Report } from "../events.ts";
import { createShutdown } from "../runtime/shutdown.ts";
import { createLog } from "../telemetry/log.ts";
import type { ConfigOption } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** How long a renewed certificate or secret is not noticed, at most, while nothing refuses the old one. */
const REFRESH_MS = 60_000;

/** The daemon: runs until a signal ends it. SIGHUP has it read its secrets and certificates again. */
export async function run(options: ConfigOption, terminal: Terminal): Promise<number> {
  let reload = () => {};
  terminal.signals.on("SIGHUP", () => reload());
  const live = await loadReloadableConfig(options.config, terminal);
  const config = live.current();
  const write = createLog({ ...config.log, secrets: () => live.current().secrets, write: terminal.log });
  const log: Report = (event) => {
    write(event);
    if (mayBeOutdated(event)) void live.refresh(write);
  };
  reload = () => void live.reload(write);
  const shutdown = createShutdown(terminal.signals, {
    graceMs: config.shutdownGraceMs,
    clock: terminal.clock,
    report: log,
    exitNow: terminal.exitNow,
  });
  void refreshRegularly(live, { terminal, report: write, signal: shutdown.stopping });
  const showLink = (source: string, link: string) =>
    terminal.print(`Open this in a browser, as an owner of the organisation of "${source}":\n\n  ${link}\n\n`);
  return runDaemon(config, terminal, { shutdown, log, live, ...(terminal.isPerson && { showLink }) });
}

/** Whether a renewed secret or certificate would help: then it is there for the next attempt. */
function mayBeOutdated({ event }: Event): boolean {
  return event === "held" || event === "retrying" || event === "authorization_refused";
}

async function refreshRegularly(
  live: ReloadableConfig,
  { terminal, report, signal }: { terminal: Terminal; report: Report; signal: AbortSignal },
): Promise<void> {
  try {
    for (;;) {
      await terminal.clock.sleep(REFRESH_MS, signal);
      await live.refresh(report);
    }
  } catch {
    // The end of the daemon ends the wait.
  }
}
