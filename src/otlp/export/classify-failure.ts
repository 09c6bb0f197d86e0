import { describeNetworkError, type HttpResponse } from "../../runtime/http.ts";
import { classifyResponse, keepAll, type ResponseContext, toOneLine, unreadable } from "./classify-response.ts";
import type { ExportOutcome } from "./outcome.ts";
import { wrongProtocolOfError } from "./wrong-protocol.ts";

/** What is known of a request that failed. */
export interface FailureContext extends ResponseContext {
  /** The status and headers of the response, if they arrived. */
  readonly head: Pick<HttpResponse, "status" | "headers"> | undefined;
  /** The time limit of the request. */
  readonly limitMs: number;
}

const NO_TLS_HINT = "write http:// in export.endpoint if this port speaks no TLS";

/** Classifies a request that brought no complete response: whether it was sent, and whether the collector may have stored it. */
export function classifyFailure(error: unknown, context: FailureContext): ExportOutcome {
  const { head, limitMs, scrub = keepAll } = context;
  const detail = toOneLine(describeNetworkError(error), scrub);
  if (isTimeout(error)) {
    const why = `The collector did not answer within ${limitMs / 1_000} s (export.timeout): no answer in time`;
    return { status: "retry", doubt: "late", why };
  }
  if (head) {
    if (head.status >= 200 && head.status < 300) return unreadable(head.status, `: ${detail}`);
    return classifyResponse({ ...head, body: Buffer.alloc(0) }, context);
  }
  const wrongProtocol = wrongProtocolOfError(error);
  if (wrongProtocol) return { status: "hold", why: wrongProtocol.why, remedy: wrongProtocol.remedy };
  const why = `The collector did not answer: ${detail}`;
  if (brokeInHandshake(error)) return { status: "retry", doubt: "broken", why, hint: NO_TLS_HINT };
  return wasNeverSent(error) ? { status: "retry", why } : { status: "retry", doubt: "broken", why };
}

function isTimeout(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === "TimeoutError" || code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT";
}

/** Node's message if the server closes the connection before the TLS handshake is complete. */
function brokeInHandshake(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (/before secure TLS connection was established/.test(error.message)) return true;
  return error.cause !== error && brokeInHandshake(error.cause);
}

/** Errors of name resolution, connecting, TLS and proxies: they come before a request is sent. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT|EPROTO|UND_ERR_CONNECT_TIMEOUT|UND_ERR_ABORTED|UND_ERR_PRX_\w+|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*)$/;

function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && BEFORE_SENDING.test(String(error.code))) return true;
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause;
  return cause !== undefined && cause !== error && wasNeverSent(cause);
}
