import type { Outcome } from "../../model.ts";
import type { HttpResponse } from "../../runtime/http.ts";
import { retryAfterMs } from "../../runtime/retry-after.ts";
import { readResponse } from "./read-response.ts";
import { wrongDoorOfText } from "./wrong-door.ts";

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

/**
 * Why it is not known whether a collector has stored a request. `unreadable`: it answered 2xx with a body that is no export
 * response. `late`: it did not answer in time, and is given longer. `unanswered`: it did not answer within the longest time. `broken`: the connection broke, here or behind a gateway. `failed`: it failed
 * in the middle.
 */
export type Doubt = "unreadable" | "late" | "unanswered" | "broken" | "failed";

/** What came of one request. */
export type ExportOutcome = Outcome<Acknowledgement, ExportRefusal> & {
  /** Absent where the outcome says what became of the records. */
  readonly doubt?: Doubt;
  /** The configuration that may be at fault if the destination has never acknowledged a record. */
  readonly hint?: string;
};

/** What an answer is judged by, beside itself. */
export interface Judging extends Repeating {
  /** How many records the request had. */
  readonly sent: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What a collector's answer means (github.com/open-telemetry/opentelemetry-proto, docs/specification.md, "OTLP/HTTP
 * Response"). Where the specification says "drop", this holds: a fault of configuration must not cost records. Only a 2xx
 * with a body that is an export response, and nothing else, is an acknowledgement.
 */
export function classifyResponse(answer: HttpResponse, { sent, now, scrub = asItIs }: Judging): ExportOutcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return classifySuccess(answer, { sent, scrub });
  const words = errorText(answer, scrub);
  const why = `The collector answered ${status}${words}`;
  const door = status < 500 ? wrongDoorOfText(words) : undefined;
  if (door) return { status: "hold", why, remedy: door.remedy };
  switch (status) {
    case 408:
    case 429:
    case 502:
    case 503:
    case 504: {
      const afterMs = retryAfterMs(answer.headers["retry-after"], now, answer.headers.date);
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
  { sent, scrub }: { sent: number; scrub: Scrub },
): ExportOutcome {
  const response = readResponse(body);
  if (!response || response.rejected > sent) return unreadable(status, errorText({ body }, scrub));
  const message = oneLine(response.message, scrub);
  if (response.rejected > 0) {
    return { status: "refused", refusal: { kind: "partial", rejected: response.rejected, message } };
  }
  return { status: "ok", value: message ? { warning: message } : {} };
}

/** The outcome of a 2xx whose body is no export response, or cannot be read to its end. */
export function unreadable(status: number, detail: string): ExportOutcome {
  return {
    status: "hold",
    doubt: "unreadable",
    why: `The collector answered ${status} with something that is no OTLP response${detail}`,
    remedy: "correct export.endpoint: a proxy or another service answers there",
  };
}

/** The readable part of an error body: a plain text, or the message inside of a `Status` in either encoding. */
function errorText({ body }: Pick<HttpResponse, "body">, scrub: Scrub): string {
  const text = oneLine(body.toString("utf8", 0, 2_000), scrub);
  return text && `: ${text}`;
}

/** The other side's words on one short line. They are scrubbed before they are cut: half a secret would not be recognised. */
export function oneLine(text: string, scrub: Scrub): string {
  return scrub(text)
    .replace(/[^\P{C}]+|\s+|\uFFFD+/gu, " ")
    .trim()
    .slice(0, 200);
}
