import type { HttpResponse } from "../../runtime/http.ts";
import { retryAfterMs } from "../../runtime/retry-after.ts";
import type { ExportOutcome } from "./outcome.ts";
import { readResponse } from "./read-response.ts";
import { wrongProtocolOfText } from "./wrong-protocol.ts";

/** Removes secrets from a text. */
export type Scrub = (text: string) => string;

/** The scrubber of a request without secrets. */
export const keepAll: Scrub = (text) => text;

/** What is known of the request that a response belongs to. */
export interface ResponseContext {
  readonly recordCount: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Removes secrets from the collector's message: it may echo our headers. */
  readonly scrub?: Scrub | undefined;
}

/**
 * Classifies a collector's response (github.com/open-telemetry/opentelemetry-proto, docs/specification.md, "OTLP/HTTP
 * Response"). If the specification says "drop", the outcome is a hold: a fault of configuration must not cost records. Only
 * a 2xx whose body is an export response is an acknowledgement.
 */
export function classifyResponse(
  response: HttpResponse,
  { recordCount, now, scrub = keepAll }: ResponseContext,
): ExportOutcome {
  const { status } = response;
  if (status >= 200 && status < 300) return classifySuccess(response, { recordCount, scrub });
  const message = errorMessage(response, scrub);
  const why = `The collector answered ${status}${message}`;
  const wrongProtocol = status < 500 ? wrongProtocolOfText(message) : undefined;
  if (wrongProtocol) return { status: "hold", why, remedy: wrongProtocol.remedy };
  switch (status) {
    case 408:
    case 429:
    case 502:
    case 503:
    case 504: {
      const afterMs = retryAfterMs(response.headers["retry-after"], now, response.headers.date);
      const doubt = status === 502 || status === 504;
      return { status: "retry", why, ...(afterMs !== undefined && { afterMs }), ...(doubt && { doubt: "broken" }) };
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
      doubt: "failed",
    };
  }
  if (status < 400)
    return { status: "hold", why, remedy: "set export.endpoint to where it redirects: redirects are not followed" };
  return { status: "hold", why, remedy: "look into the collector's log" };
}

function classifySuccess(
  { status, body }: HttpResponse,
  { recordCount, scrub }: { recordCount: number; scrub: Scrub },
): ExportOutcome {
  const response = readResponse(body);
  if (!response || response.rejected > recordCount) return unreadable(status, errorMessage({ body }, scrub));
  const message = toOneLine(response.message, scrub);
  if (response.rejected > 0) {
    return { status: "refused", refusal: { kind: "partial", rejected: response.rejected, message } };
  }
  return { status: "ok", value: message ? { warning: message } : {} };
}

/** The outcome of a 2xx whose body is no export response, or breaks off. */
export function unreadable(status: number, detail: string): ExportOutcome {
  return {
    status: "hold",
    doubt: "unreadable",
    why: `The collector answered ${status} with something that is no OTLP response${detail}`,
    remedy: "correct export.endpoint: a proxy or another service answers there",
  };
}

/** The readable part of an error body: plain text, or the message of a `Status` in either encoding. */
function errorMessage({ body }: Pick<HttpResponse, "body">, scrub: Scrub): string {
  const text = toOneLine(body.toString("utf8", 0, 2_000), scrub);
  return text && `: ${text}`;
}

/** Puts a text on one line of at most 200 characters. Scrubs before it cuts: half of a secret would not be recognised. */
export function toOneLine(text: string, scrub: Scrub): string {
  return scrub(text)
    .replace(/[^\P{C}]+|\s+|\uFFFD+/gu, " ")
    .trim()
    .slice(0, 200);
}
