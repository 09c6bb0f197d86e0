import { createNoopMeter } from "@opentelemetry/api";
import { createCollectorHttp } from "../compose/http-clients.ts";
import { composeSend } from "../compose/source.ts";
import type { Config } from "../config/config.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { Terminal } from "./terminal.ts";

/** Sends a request without records, encoded and compressed as configured. The collector stores nothing. */
export async function checkCollector(config: Config, terminal: Terminal): Promise<Finding[]> {
  const [source] = config.sources;
  if (!source) return [];
  const { url, protocol, compression } = config.export;
  const { clock, version } = terminal;
  const http = createCollectorHttp(config, terminal);
  const sender = { http, meterProvider: { getMeter: createNoopMeter }, hardStop: new AbortController().signal };
  try {
    const send = composeSend(source, { config, clock, version, report: () => {} }, sender);
    const good = `${url} acknowledges ${protocol}, compression ${compression}`;
    return [findingOf("collector", await send([]), good)];
  } finally {
    await http.close();
  }
}
