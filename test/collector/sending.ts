import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { encodeAndSend } from "../../src/otlp/encoding/encode-record.ts";
import { createExporter, type ExporterOptions, recordEncodings, type Send } from "../../src/otlp/export/exporter.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";

/** An exporter with the receiver's own code. */
export interface Sending {
  readonly send: (records: readonly ReadableLogRecord[]) => ReturnType<Send>;
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
    hardStop: new AbortController().signal,
    ...options,
  });
  const encoding = recordEncodings[options.protocol];
  return { send: (records) => encodeAndSend(records, { send, encoding }), [Symbol.asyncDispose]: () => http.close() };
}
