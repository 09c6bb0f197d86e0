import { type IExportLogsServiceResponse, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { Outcome } from "../model.ts";
import { type HttpAnswer, retryAfterMs } from "../runtime/http.ts";
import { isObject } from "../runtime/json.ts";

/** Why a request will never be accepted as it is. */
export type ExportRefusal =
  /** Something in it is at fault, or it is too large: its parts may be accepted. */
  | { readonly kind: "records"; readonly why: string }
  /** Accepted but for some records, and OTLP does not say which: it must not be sent again. */
  | { readonly kind: "partial"; readonly rejected: number; readonly message: string };

/** The collector took everything. */
export interface Acknowledgement {
  /** What the collector wants to be known although it took everything. */
  readonly warning?: string;
}

/** How the collector's words may be repeated. */
export interface Repeating {
  /** Takes out of the collector's words what must not be repeated: it may have echoed our headers. */
  readonly scrub?: Scrub | undefined;
}

type Scrub = (text: string) => string;

const asItIs: Scrub = (text) => text;

/** What came of one request. */
export type ExportOutcome = Outcome<Acknowledgement, ExportRefusal>;

/**
 * What a collector's answer means (github.com/open-telemetry/opentelemetry-proto, docs/specification.md, "OTLP/HTTP
 * Response"). Where the specification says "drop", this holds: a fault of configuration must not cost records. Only a 2xx
 * with a body that is an export response is an acknowledgement; a login page is not.
 */
export function judgeAnswer(answer: HttpAnswer, now: number, { scrub = asItIs }: Repeating = {}): ExportOutcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer, scrub);
  const why = `The collector answered ${status}${errorText(answer, scrub)}`;
  switch (status) {
    case 408:
    case 429:
    case 502:
    case 503:
    case 504: {
      const afterMs = retryAfterMs(answer.headers["retry-after"], now, answer.headers.date);
      return { status: "retry", why, ...(afterMs !== undefined && { afterMs }) };
    }
    case 400:
    case 413:
      return { status: "refused", refusal: { kind: "records", why } };
    case 401:
    case 403:
      return { status: "hold", why, remedy: "correct export.headers or export.tls: the collector does not let us in" };
    case 404:
    case 405:
      return { status: "hold", why, remedy: "correct export.endpoint: no OTLP receiver for logs is there" };
    case 415:
      return {
        status: "hold",
        why,
        remedy: "change export.protocol or export.compression: the collector does not take it",
      };
  }
  if (status >= 500) {
    return {
      status: "hold",
      why,
      remedy: "look into the collector's log: it fails on our requests",
      mayBeRecords: true,
    };
  }
  if (status < 400)
    return { status: "hold", why, remedy: "set export.endpoint to where it redirects: redirects are not followed" };
  return { status: "hold", why, remedy: "look into the collector's log" };
}

function judgeSuccess(answer: HttpAnswer, scrub: Scrub): ExportOutcome {
  const response = parseResponse(answer);
  // JSON may carry the 64-bit count as a string.
  const rejected = Number(response?.partialSuccess?.rejectedLogRecords ?? 0);
  if (!response || Number.isNaN(rejected)) {
    return {
      status: "hold",
      why: `The collector answered ${answer.status} with something that is no OTLP response${errorText(answer, scrub)}`,
      remedy: "correct export.endpoint: a proxy or another service answers there",
    };
  }
  const message = oneLine(String(response.partialSuccess?.errorMessage ?? ""), scrub);
  if (rejected > 0) return { status: "refused", refusal: { kind: "partial", rejected, message } };
  return { status: "ok", value: message ? { warning: message } : {} };
}

/** The export response in a body; an empty body is an empty response. */
function parseResponse({ headers, body }: HttpAnswer): IExportLogsServiceResponse | undefined {
  const type = String(headers["content-type"] ?? "")
    .split(";")[0]
    ?.trim()
    .toLowerCase();
  if (body.length === 0) return {};
  try {
    if (type === "application/json") return asResponse(JSON.parse(body.toString("utf8")));
    if (type === "application/x-protobuf" || type === "") return ProtobufLogsSerializer.deserializeResponse(body);
  } catch {
    // Not what it says it is.
  }
  return undefined;
}

function asResponse(value: unknown): IExportLogsServiceResponse | undefined {
  return isObject(value) && isObject(value.partialSuccess ?? {}) ? value : undefined;
}

/** The readable part of an error body: a plain text, or the message inside of a `Status` in either encoding. */
function errorText({ body }: HttpAnswer, scrub: Scrub): string {
  const text = oneLine(body.toString("utf8", 0, 2_000), scrub);
  return text && `: ${text}`;
}

/** Scrubbed before it is cut: half a secret would not be recognised. */
function oneLine(text: string, scrub: Scrub): string {
  return scrub(text)
    .replace(/[^\P{C}]+|\s+|\uFFFD+/gu, " ")
    .trim()
    .slice(0, 200);
}
