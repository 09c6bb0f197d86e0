import { runDaemon } from "../compose.ts";
import { loadConfig } from "../config/load.ts";
import { freePort } from "../demo/http/listener.ts";
import { authorizeAsOwner } from "../demo/run/authorize-as-owner.ts";
import { createDeliveryTally, type DeliveryTally } from "../demo/run/delivery-tally.ts";
import { demoConfiguration } from "../demo/run/demo-configuration.ts";
import { feed } from "../demo/run/feed.ts";
import { formatRecord } from "../demo/run/format-record.ts";
import { startSink } from "../demo/sink/sink.ts";
import { startSlack } from "../demo/slack/slack.ts";
import type { Event } from "../events.ts";
import { createHttp } from "../runtime/http.ts";
import { createShutdown, type Shutdown } from "../runtime/shutdown.ts";
import { createLog } from "../telemetry/log.ts";
import { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** The options of `demo`. */
export interface DemoOptions {
  /** A person consents in a browser; otherwise the demonstration consents itself. */
  readonly manual?: boolean;
  /** The OTLP endpoint to send to. The records are then not printed. */
  readonly endpoint?: string;
}

/** Runs the daemon between a bundled Slack organisation and a bundled OTLP receiver. */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const { clock, random, print } = terminal;
  const directory = terminal.makeTemporaryFolder(`slack-audit-receiver-demo-${random.bytes(6).toString("hex")}`);
  const port = await freePort();
  const tally = createDeliveryTally({ now: () => clock.now(), seesRecords: options.endpoint === undefined });
  const slack = await startSlack({ clock, random, redirectUrls: [`http://127.0.0.1:${port}/oauth/callback`] });
  const sink = await startSink({
    clock,
    onRecords: (records) => {
      for (const record of records) {
        tally.countRecord(record.uid);
        print(`${formatRecord(record)}\n`);
      }
    },
  });
  try {
    const text = demoConfiguration(slack, { port, endpoint: options.endpoint ?? sink.url, directory });
    const config = await loadConfig("demo", {
      env: terminal.env,
      clock,
      files: { readFile: (async () => text) as never },
    });
    const log = createLog({
      level: config.log.level,
      format: config.log.format,
      secrets: config.secrets,
      write: print,
    });
    const shutdown = createShutdown(terminal.signals, {
      graceMs: config.shutdownGraceMs,
      clock,
      report: () => {},
      exitNow: terminal.exitNow,
    });
    terminal.readerGone.addEventListener("abort", () => shutdown.stop("nobody reads what it prints"));
    const guide = createGuide(options, { terminal, shutdown });
    const feeding = feed(slack, { clock, random, onEntry: tally.countEntry }, shutdown.stopping);
    const { failed } = await runDaemon(config, terminal, {
      shutdown,
      log: (event) => {
        tally.report(event);
        guide.report(event);
        // The guide reports these two.
        if (event.event !== "authorization_needed" && event.event !== "authorized") log(event);
      },
      showLink: (_source, link) => guide.showLink(link),
    });
    await feeding;
    print(summarise(tally));
    return failed ? ExitCode.failed : ExitCode.done;
  } finally {
    await Promise.all([slack.close(), sink.close()]);
  }
}

/** Guides through the start: prints the setup link or consents itself, and prints where the status page is. */
function createGuide(
  options: DemoOptions,
  { terminal, shutdown }: { terminal: Terminal; shutdown: Shutdown },
): { report: (event: Event) => void; showLink: (link: string) => void } {
  const { print, clock, env } = terminal;
  const http = createHttp({ clock, timeoutMs: 5_000, maxAnswerBytes: 1_000_000 }, env);
  const showLink = (link: string) => {
    if (options.manual) print(`Authorize the receiver here:\n\n  ${link}\n\n`);
    else
      authorizeAsOwner(link, http, shutdown.stopping)
        .catch((error: Error) => shutdown.stop(error.message))
        .finally(() => http.close());
  };
  const report = (event: Event) => {
    if (event.event === "started") print(`Status page: ${event.address}/    Ctrl-C ends the demonstration\n`);
    if (event.event === "authorized") print(`Authorized by ${event.organisation?.name} over OAuth; entries follow\n\n`);
    if (event.event === "window_delivered" && options.endpoint && event.delivered > 0) {
      print(
        `${new Date(clock.now()).toISOString().slice(11, 19)}  ${event.delivered} records delivered to ${options.endpoint}\n`,
      );
    }
  };
  return { report, showLink };
}

function summarise(tally: DeliveryTally): string {
  const { made, delivered, waiting, lost, duplicated } = tally.summary();
  const note = waiting > 0 ? ` (${waiting} made after the last poll wait at Slack)` : "";
  return `\n${made} entries made, ${delivered} delivered, ${lost} lost, ${duplicated} duplicated${note}\n`;
}
