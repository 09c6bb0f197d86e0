import { runDaemon } from "../compose.ts";
import { loadReloadableConfig, type ReloadableConfig } from "../config/reloadable-config.ts";
import type { Event, Report } from "../events.ts";
import type { Clock } from "../runtime/clock.ts";
import { createShutdown } from "../runtime/shutdown.ts";
import { createLog } from "../telemetry/log.ts";
import { ExitCode } from "./exit-code.ts";
import type { ConfigOption } from "./load.ts";
import type { Terminal } from "./terminal.ts";

/** The longest time until a renewed certificate or secret is used, if nothing refuses the old one earlier. */
const REFRESH_MS = 60_000;

/** Runs the daemon until a signal ends it. On SIGHUP it reads its secrets and certificates again. */
export async function run(options: ConfigOption, terminal: Terminal): Promise<number> {
  let reload = () => {};
  terminal.signals.on("SIGHUP", () => reload());
  const { files, env, clock, print } = terminal;
  const live = await loadReloadableConfig(options.config, { files, env, clock });
  const config = live.current();
  const write = createLog({
    level: config.log.level,
    format: config.log.format,
    secrets: () => live.current().secrets,
    write: terminal.log,
  });
  const log: Report = (event) => {
    write(event);
    if (mayBeOutdated(event)) void live.refresh(write);
  };
  reload = () => void live.reload(write);
  const shutdown = createShutdown(terminal.signals, {
    graceMs: config.shutdownGraceMs,
    clock,
    report: log,
    exitNow: terminal.exitNow,
  });
  void refreshRegularly(live, { clock, report: write, signal: shutdown.stopping });
  const showLink = (source: string, link: string) =>
    print(`Open this in a browser, as an owner of the organisation of "${source}":\n\n  ${link}\n\n`);
  const { failed } = await runDaemon(config, terminal, {
    shutdown,
    log,
    live,
    showLink: terminal.isPerson ? showLink : undefined,
  });
  return failed ? ExitCode.failed : ExitCode.done;
}

/** Whether a renewed secret or certificate may solve the problem. If there is one, the next attempt uses it. */
function mayBeOutdated({ event }: Event): boolean {
  return event === "held" || event === "retrying" || event === "authorization_refused";
}

async function refreshRegularly(
  live: ReloadableConfig,
  { clock, report, signal }: { clock: Clock; report: Report; signal: AbortSignal },
): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(REFRESH_MS, signal);
      await live.refresh(report);
    }
  } catch {
    // The daemon is stopping.
  }
}
