import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { createSend, encodeAndSend, type Send, type SendOptions } from "../../src/otlp/export/send.ts";
import { recordEncodings } from "../../src/otlp/protocols.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createHttp } from "../../src/runtime/http.ts";

/** An exporter with the receiver's own code. */
export interface Sending {
  readonly send: (records: readonly ReadableLogRecord[]) => ReturnType<Send>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Creates an exporter that sends to the Collector at `url`. */
export function createSending(url: string, options: Pick<SendOptions, "protocol" | "compression">): Sending {
  const http = createHttp({ clock: systemClock, timeoutMs: 60_000, maxAnswerBytes: 4 * 1024 * 1024 }, {});
  const send = createSend({
    url: `${url}/v1/logs`,
    headers: () => ({}),
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
