import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { createExporter, type ExporterOptions, type Send } from "../../src/otlp/exporter.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";

/** An exporter with the receiver's own code. */
export interface Sending {
  readonly send: Send;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Creates an exporter that sends to the Collector at `url`. */
export function createSending(url: string, options: Pick<ExporterOptions, "protocol" | "compression">): Sending {
  const http = createHttp({ clock: systemClock, timeoutMs: 60_000, maxAnswerBytes: 4 * 1024 * 1024 }, {});
  const send = createExporter({
    url: `${url}/v1/logs`,
    headers: {},
    maxBytes: 20 * 1024 * 1024,
    meterProvider: new MeterProvider(),
    http,
    clock: systemClock,
    timeoutMs: 60_000,
    warn() {},
    killed: new AbortController().signal,
    ...options,
  });
  return { send, [Symbol.asyncDispose]: () => http.close() };
}
