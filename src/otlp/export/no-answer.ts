import { describeNetworkError, type HttpResponse } from "../../runtime/http.ts";
import { classifyResponse, type ExportOutcome, type Judging, oneLine, unreadable } from "./classify-response.ts";
import { wrongDoorOfError } from "./wrong-door.ts";

/** What is known of a request that brought no answer that can be used. */
export interface Failed extends Judging {
  /** The head of the answer, where it arrived. */
  readonly head: Pick<HttpResponse, "status" | "headers"> | undefined;
  /** How long the answer was waited for. */
  readonly limitMs: number;
}

/** What the failure of a request means: whether it was sent at all, and whether the collector may have stored it. */
export function judgeFailure(error: unknown, failed: Failed): ExportOutcome {
  const { head, limitMs, scrub = (text) => text } = failed;
  const detail = oneLine(describeNetworkError(error), scrub);
  if (isTimeout(error)) {
    const why = `The collector did not answer within ${limitMs / 1_000} s (export.timeout): no answer in time`;
    return { status: "retry", doubt: "late", why };
  }
  if (head) {
    if (head.status >= 200 && head.status < 300) return unreadable(head.status, `: ${detail}`);
    return classifyResponse({ ...head, body: Buffer.alloc(0) }, failed);
  }
  const door = wrongDoorOfError(error);
  if (door) return { status: "hold", ...door };
  const why = `The collector did not answer: ${detail}`;
  if (brokeInHandshake(error)) return { status: "retry", doubt: "broken", why, hint: NO_TLS_HINT };
  return wasNeverSent(error) ? { status: "retry", why } : { status: "retry", doubt: "broken", why };
}

const NO_TLS_HINT = "write http:// in export.endpoint if this port speaks no TLS";

/** Node's words where a server closes the connection before it has answered the TLS handshake. */
function brokeInHandshake(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (/before secure TLS connection was established/.test(error.message)) return true;
  return error.cause !== error && brokeInHandshake(error.cause);
}

function isTimeout(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === "TimeoutError" || code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT";
}

/** Errors of finding a host, of connecting to it, of TLS and of a proxy: they come before a request is sent. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT|EPROTO|UND_ERR_CONNECT_TIMEOUT|UND_ERR_ABORTED|UND_ERR_PRX_\w+|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*)$/;

function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && BEFORE_SENDING.test(String(error.code))) return true;
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause;
  return cause !== undefined && cause !== error && wasNeverSent(cause);
}
