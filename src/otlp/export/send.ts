import type { MeterProvider } from "@opentelemetry/api";
import { ExporterMetrics } from "@opentelemetry/otlp-exporter-base";
import { LogsExporterMetricsHelper } from "@opentelemetry/otlp-transformer";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { RecordEncoding } from "../../encoding.ts";
import type { EncodedRecord } from "../../model.ts";
import { encodeRecord } from "../encoding/encode-record.ts";
import type { LogsSerializer } from "../encoding/serializer.ts";
import { type Protocol, requestFormats } from "../protocols.ts";
import type { ExportOutcome } from "./outcome.ts";
import { createPost, type PostOptions, type PostResult } from "./post.ts";

/**
 * Sends one request with these records. Never rejects. Without records it sends a real request with a resource and a scope,
 * encoded and compressed like any other.
 */
export type Send = (records: readonly EncodedRecord[]) => Promise<ExportOutcome>;

/** How one source sends its records. */
export interface SendOptions extends PostOptions {
  /** The largest request, uncompressed. A single record may be larger. */
  readonly maxBytes: number;
  readonly meterProvider: MeterProvider;
  /** Receives a collector's message about a request that it accepted. */
  readonly warn: (message: string) => void;
}

/** Creates the function that serializes and posts records. It measures itself with the SDK's `otel.sdk.exporter.*` metrics. */
export function createSend(options: SendOptions): Send {
  const serializer = requestFormats[options.protocol].createSerializer();
  const metrics = createSendMetrics(options);
  const post = createPost(options);

  return async (records) => {
    let request: Uint8Array;
    try {
      request = serializeWithin(options.maxBytes, { serializer, records });
    } catch (error) {
      return refuse("Cannot serialise", error);
    }
    const endExport = metrics.startExport(records);
    const result = await post(request, records.length);
    endExport(exportErrorOf(result));
    if (result.outcome.status !== "ok") return result.outcome;
    serializer.release(request);
    const { warning } = result.outcome.value;
    if (warning) options.warn(warning);
    return { status: "ok", value: {} };
  };
}

/** Encodes records and sends them in one request. Never rejects: records that cannot be encoded are refused. */
export async function encodeAndSend(
  records: readonly ReadableLogRecord[],
  { send, encoding }: { send: Send; encoding: RecordEncoding },
): Promise<ExportOutcome> {
  let encoded: EncodedRecord[];
  try {
    encoded = records.map((record) => encodeRecord(record, encoding));
  } catch (error) {
    return refuse("Cannot encode the records", error);
  }
  return send(encoded);
}

function refuse(what: string, error: unknown): ExportOutcome {
  const why = `${what}: ${error instanceof Error ? error.message : "unknown error"}`;
  return { status: "refused", refusal: { kind: "records", why } };
}

/** Throws if the request is too large and has several records: it is then split as if the collector had refused it. */
function serializeWithin(
  maxBytes: number,
  { serializer, records }: { serializer: LogsSerializer; records: readonly EncodedRecord[] },
): Uint8Array {
  if (records.length === 0) return serializer.serializeEmptyRequest();
  const request = serializer.serializeRequest(records);
  if (request.length <= maxBytes || records.length === 1) return request;
  throw new RangeError(`the request has ${request.length} bytes, ${maxBytes} are allowed`);
}

/** `otel.component.type` (opentelemetry.io/docs/specs/semconv/registry/attributes/otel). */
const COMPONENT_TYPES: Readonly<Record<Protocol, string>> = {
  "http/protobuf": "otlp_http_log_exporter",
  "http/json": "otlp_http_json_log_exporter",
};

function createSendMetrics({ protocol, url, meterProvider }: SendOptions) {
  return new ExporterMetrics<readonly EncodedRecord[]>({
    componentType: COMPONENT_TYPES[protocol],
    metricsHelper: { name: LogsExporterMetricsHelper.name, countItems: (records) => records.length },
    url,
    meterProvider,
    responseAttributesFromError: (error) => {
      const { httpStatus } = (error ?? {}) as Partial<ExportError>;
      return httpStatus === undefined ? {} : { "http.response.status_code": httpStatus };
    },
  });
}

/** The form in which `ExporterMetrics` takes a failure: `name` becomes the attribute `error.type`. */
interface ExportError extends Error {
  readonly httpStatus?: number | undefined;
}

function exportErrorOf({ outcome, httpStatus }: PostResult): ExportError | undefined {
  if (outcome.status === "ok") return undefined;
  const isPartial = outcome.status === "refused" && outcome.refusal.kind === "partial";
  const name = isPartial ? "rejected" : String(httpStatus ?? "no_answer");
  return Object.assign(new Error(outcome.status), { name, httpStatus });
}
