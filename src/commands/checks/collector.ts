import { createNoopMeter } from "@opentelemetry/api";
import { composeSend } from "../../compose/source.ts";
import { collectorHttp } from "../../compose.ts";
import type { Config } from "../../config/config.ts";
import type { Terminal } from "../terminal.ts";
import { type Finding, findingOf } from "./finding.ts";

/** Sends a request without records, encoded and compressed as configured: there is nothing in it to keep. */
export async function checkCollector(config: Config, terminal: Terminal): Promise<Finding[]> {
  const [source] = config.sources;
  if (!source) return [];
  const { url, protocol, compression } = config.export;
  const http = collectorHttp(config, terminal);
  const sender = { http, meterProvider: { getMeter: createNoopMeter }, hardStop: new AbortController().signal };
  try {
    const send = composeSend(source, { ...terminal, config, report: () => {} }, sender);
    const good = `${url} acknowledges ${protocol}, compression ${compression}`;
    return [findingOf("collector", await send([]), good)];
  } finally {
    await http.close();
  }
}
