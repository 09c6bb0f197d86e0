import type { TestContext } from "node:test";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { type Sink, type SinkOptions, startSink } from "../../../src/demo/sink/sink.ts";
import { encodeRecord } from "../../../src/otlp/encoding/encode-record.ts";
import { createSend, type Send, type SendOptions } from "../../../src/otlp/export/send.ts";
import { recordEncodings } from "../../../src/otlp/protocols.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { createHttp, type Tls } from "../../../src/runtime/http.ts";

export interface Exporting {
  readonly sink: Sink;
  /** Sends records of any encoding: it encodes them again. */
  readonly send: Send;
  readonly warnings: readonly string[];
  /** Makes all requests time out. */
  timeOut(): void;
  hardStop(reason: Error): void;
}

/** Starts a sink and a `Send` to it. The test decides when requests time out. */
export async function startExporting(
  t: TestContext,
  options: Partial<SendOptions> & { tls?: Tls } = {},
  sinkOptions: SinkOptions = {},
): Promise<Exporting> {
  const sink = await startSink(sinkOptions);
  const deadline = new AbortController();
  const hardStop = new AbortController();
  const clock = { ...systemClock, deadline: () => deadline.signal };
  const { tls = {}, ...rest } = options;
  const http = createHttp({ clock, tls, timeoutMs: 60_000, maxAnswerBytes: 4 * 1024 * 1024 }, {});
  t.after(async () => {
    await http.close();
    await sink.close();
  });
  const warnings: string[] = [];
  const exportRecords = createSend({
    url: `${sink.url}/v1/logs`,
    protocol: "http/protobuf",
    headers: () => ({}),
    compression: "none",
    maxBytes: 1024 * 1024,
    meterProvider: new MeterProvider(),
    http,
    clock,
    timeoutMs: 60_000,
    warn: (message) => warnings.push(message),
    hardStop: hardStop.signal,
    ...rest,
  });
  const encoding = recordEncodings[options.protocol ?? "http/protobuf"];
  return {
    sink,
    send: (records) => exportRecords(records.map((record) => encodeRecord(record.page.decode(record), encoding))),
    warnings,
    timeOut: () => deadline.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
    hardStop: (reason) => hardStop.abort(reason),
  };
}

/** Creates a meter provider. `read` returns the values so far by metric name and `error.type`. */
export function createMeters() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const read = async (): Promise<Record<string, Record<string, unknown>>> => {
    exporter.reset();
    await reader.forceFlush();
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    return Object.fromEntries(
      metrics.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        Object.fromEntries(dataPoints.map(({ attributes, value }) => [String(attributes["error.type"] ?? ""), value])),
      ]),
    );
  };
  return { meterProvider, read, close: () => meterProvider.shutdown() };
}
