import type { Config } from "../config/config.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createStatus } from "../telemetry/status.ts";
import { startServer } from "../web/server.ts";
import { ExitCode } from "./exit-code.ts";
import type { Finding } from "./finding.ts";
import { status } from "./status.ts";
import type { Terminal } from "./terminal.ts";

/** Listens for a moment, with the certificate of `http.tls`. If a daemon is running, probes its port instead. */
export async function checkPort(
  config: Config,
  { file, holder, terminal }: { file: string; holder: string | undefined; terminal: Terminal },
): Promise<Finding> {
  const what = "http.listen";
  const { host, port, tls } = config.http;
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (holder !== undefined) {
    if (port === 0) return { what, good: "the running daemon has chosen its own port" };
    if ((await status({ config: file, probe: true }, terminal)) === ExitCode.done) {
      return { what, good: `the running daemon answers on ${address}` };
    }
    return {
      what,
      why: `The running daemon does not answer on ${address}`,
      remedy: "restart it if http.listen or http.tls has changed, else look into its log",
    };
  }
  const { clock, version } = terminal;
  const deps = {
    clock,
    report: () => {},
    status: createStatus({ clock, version, sources: [] }).snapshot,
    metrics: createMetrics({ clock, version, sources: [] }).text,
    setups: [],
  };
  try {
    const server = await startServer(deps, { host, port, tls });
    await server.close();
    return {
      what,
      good: `${address} can be listened on${tls.cert ? ", with the certificate of http.tls" : ""}`,
    };
  } catch (error) {
    return { what, why: error instanceof Error ? error.message : String(error) };
  }
}
