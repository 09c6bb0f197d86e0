import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import {
  CompressionAlgorithm,
  createOtlpNetworkExportDelegate,
  ExporterMetrics,
  type IExporterTransport,
  OTLPExporterBase,
} from "@opentelemetry/otlp-exporter-base";
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import { LogsExporterMetricsHelper, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { request } from "undici";
import { compress } from "./compress.ts";
import type { Task } from "./task.ts";

const COMPONENT = "otlp_http_log_exporter";
const PROTOBUF = { "content-type": "application/x-protobuf" };

/**
 * The SDK's exporter of an encoding. For protobuf it is put together here as `@opentelemetry/exporter-logs-otlp-proto` does. The
 * SDK has no zstd: it gets a transport on undici that compresses in the thread pool, which is cheaper than its own.
 */
export function createStockExporter({ protocol, compression, sinkUrl: url }: Task): LogRecordExporter {
  if (compression === "zstd" && protocol === "http/protobuf") return zstdExporter(url);
  const config = { url, compression: compression === "gzip" ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE };
  if (protocol === "http/json") return new OTLPLogExporter(config);
  const options = convertLegacyHttpOptions(config, "LOGS", "v1/logs", PROTOBUF);
  return new OTLPExporterBase<ReadableLogRecord[]>(
    createOtlpHttpExportDelegate(options, ProtobufLogsSerializer, COMPONENT, LogsExporterMetricsHelper, undefined),
  );
}

function zstdExporter(url: string): LogRecordExporter {
  const transport: IExporterTransport = {
    async send(data) {
      const headers = { ...PROTOBUF, "content-encoding": "zstd" };
      const { statusCode, body } = await request(url, { method: "POST", headers, body: await compress.zstd(data) });
      await body.dump();
      if (statusCode === 200) return { status: "success" };
      return { status: "failure", error: new Error(`the sink answered ${statusCode}`) };
    },
    shutdown() {},
  };
  const metrics = new ExporterMetrics<ReadableLogRecord[]>({
    componentType: COMPONENT,
    metricsHelper: LogsExporterMetricsHelper,
    url,
    meterProvider: undefined,
    responseAttributesFromError: () => ({}),
  });
  const limits = { timeoutMillis: 10_000, concurrencyLimit: 30, compression: "none" as const };
  return new OTLPExporterBase<ReadableLogRecord[]>(
    createOtlpNetworkExportDelegate(limits, ProtobufLogsSerializer, metrics, transport),
  );
}
