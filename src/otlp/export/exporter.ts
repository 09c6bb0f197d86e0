import type { MeterProvider } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import { createOtlpNetworkExportDelegate, ExporterMetrics, OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { LogsExporterMetricsHelper } from "@opentelemetry/otlp-transformer";
import type { RecordEncoding } from "../../encoding.ts";
import type { EncodedRecord } from "../../model.ts";
import { createJsonLogsSerializer } from "../encoding/json/logs-serializer.ts";
import { jsonEncoding } from "../encoding/json/record-encoding.ts";
import { createProtobufLogsSerializer } from "../encoding/protobuf/logs-serializer.ts";
import { protobufEncoding } from "../encoding/protobuf/record-encoding.ts";
import type { LogsSerializer } from "../encoding/serializer.ts";
import type { ExportOutcome } from "./classify-response.ts";
import { createTransport, ExportFailure, type TransportOptions } from "./transport.ts";

/**
 * Sends one request with these records and tells what became of it. Never rejects. Without records it sends a real request
 * all the same, of a resource and a scope: it is encoded and compressed as others are, and holds nothing to keep.
 */
export type Send = (records: readonly EncodedRecord[]) => Promise<ExportOutcome>;

/** What an exporter is made of. */
export interface ExporterOptions extends Omit<TransportOptions, "contentType" | "acknowledged" | "countRecords"> {
  readonly protocol: "http/protobuf" | "http/json";
  /** The largest request, uncompressed; one record alone may be larger. */
  readonly maxBytes: number;
  readonly meterProvider: MeterProvider;
}

const PROTOCOLS = {
  "http/protobuf": {
    createSerializer: createProtobufLogsSerializer,
    contentType: "application/x-protobuf",
    componentType: "otlp_http_log_exporter",
  },
  "http/json": {
    createSerializer: createJsonLogsSerializer,
    contentType: "application/json",
    componentType: "otlp_http_json_log_exporter",
  },
} as const;

/** How records are written for each protocol. */
export const recordEncodings: Readonly<Record<ExporterOptions["protocol"], RecordEncoding>> = {
  "http/protobuf": protobufEncoding,
  "http/json": jsonEncoding,
};

/**
 * The SDK's exporter with its own serializers and `otel.sdk.exporter.*` metrics, on a transport that never retries and
 * never takes anything but an acknowledgement for one.
 */
export function createExporter(options: ExporterOptions): Send {
  const { createSerializer, contentType, componentType } = PROTOCOLS[options.protocol];
  const serializer = createSerializer();
  const metrics = new ExporterMetrics<EncodedRecord[]>({
    componentType,
    metricsHelper: { ...LogsExporterMetricsHelper, countItems: (records) => records.length },
    url: options.url,
    meterProvider: options.meterProvider,
    responseAttributesFromError: (error) =>
      error instanceof ExportFailure && error.httpStatus !== undefined
        ? { "http.response.status_code": error.httpStatus }
        : {},
  });
  // The transport has its own time limit and the caller its own bound on requests in flight: the delegate's do not bind.
  const limits = { timeoutMillis: 0, concurrencyLimit: Number.MAX_SAFE_INTEGER, compression: "none" as const };
  const counts = new WeakMap<Uint8Array, number>();
  const countRecords = (request: Uint8Array) => counts.get(request) ?? 0;
  const transport = createTransport({ ...options, contentType, countRecords, acknowledged: serializer.release });
  const exporter = new OTLPExporterBase<EncodedRecord[]>(
    createOtlpNetworkExportDelegate(limits, withinBytes(serializer, options.maxBytes, counts), metrics, transport),
  );

  return (records) =>
    new Promise((resolve) => {
      try {
        exporter.export([...records], ({ code, error }) => {
          if (code === ExportResultCode.SUCCESS) resolve({ status: "ok", value: {} });
          else if (error instanceof ExportFailure) resolve(error.outcome);
          else resolve({ status: "retry", why: `Cannot export: ${error?.message ?? "unknown error"}` });
        });
      } catch (error) {
        const why = `Cannot serialise: ${error instanceof Error ? error.message : "unknown error"}`;
        resolve({ status: "refused", refusal: { kind: "records", why } });
      }
    });
}

/** Refuses a request that came out too large, so that it is split as if the collector had refused it; counts the records of others. */
function withinBytes(
  serializer: LogsSerializer,
  maxBytes: number,
  counts: WeakMap<Uint8Array, number>,
): LogsSerializer {
  return {
    ...serializer,
    serializeRequest(records) {
      const request = records.length > 0 ? serializer.serializeRequest(records) : serializer.serializeEmptyRequest();
      if (request && request.length > maxBytes && records.length > 1) {
        throw new RangeError(`the request has ${request.length} bytes, ${maxBytes} are allowed`);
      }
      if (request) counts.set(request, records.length);
      return request;
    },
  };
}
