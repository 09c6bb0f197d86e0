import type { Report } from "../../events.ts";
import type { Outcome, Seconds } from "../../model.ts";
import { createBufferPool } from "../../runtime/buffer-pool.ts";
import type { Clock } from "../../runtime/clock.ts";
import { AnswerTooLargeError, describeNetworkError, type Http, type HttpResponse } from "../../runtime/http.ts";
import { isObject } from "../../runtime/json.ts";
import { networkErrorType } from "../../runtime/network-error-type.ts";
import type { RateLimiter } from "../../runtime/rate-limiter.ts";
import { retryAfterMs } from "../../runtime/retry-after.ts";
import { REAUTHORIZE, slackFault, toErrorCode } from "./errors.ts";

/** The parameters of `GET /audit/v1/logs`; both bounds are inclusive. */
export interface LogsQuery {
  readonly oldest?: Seconds;
  readonly latest?: Seconds;
  readonly limit: number;
  readonly cursor?: string;
}

/** An answer with status 200 that is not an error. Its body is not parsed, and may not be a page. */
export interface LogsResponse {
  readonly body: Buffer;
  /** The `Date` header; absent where a proxy removes it. */
  readonly date?: Seconds;
  /** The time from the request to the end of the answer. */
  readonly tookMs?: number;
}

/** Slack does not accept the token. */
export interface TokenRefusal {
  readonly kind: "token";
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
}

/** Why the same request can never succeed: its cursor, a window in Slack's future, the size of its page, or its token. */
export type SlackRefusal = { readonly kind: "cursor" | "future" | "size"; readonly why: string } | TokenRefusal;

/** The Audit Logs API of one organisation. */
export interface SlackClient {
  /** Requests one page, newest entry first, when the rate limit allows it. Rejects only when `signal` aborts. */
  logs(query: LogsQuery, token: string, signal: AbortSignal): Promise<Outcome<LogsResponse, SlackRefusal>>;
  /** Reuses the body of an answer for a later one. It must not be read afterwards. */
  release(body: Buffer): void;
  /** Frees the buffers that are kept for later answers. */
  trim(): void;
}

/** The options of `createSlackClient`. */
export interface SlackClientOptions {
  readonly source: string;
  /** `https://api.slack.com/audit/v1`. */
  readonly auditUrl: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly report: Report;
}

/** Larger buffers are not kept. Three pages of 9,999 entries are smaller. */
const MAX_KEPT_BYTES = 24 * 1_024 * 1_024;

/** Creates a client that turns each answer of the Audit Logs API into an outcome. */
export function createSlackClient({
  source,
  auditUrl,
  http,
  clock,
  rateLimiter,
  report,
}: SlackClientOptions): SlackClient {
  const pool = createBufferPool(MAX_KEPT_BYTES);
  return {
    release: pool.release,
    trim: pool.clear,
    async logs(query, token, signal) {
      await rateLimiter.take(signal);
      const started = clock.monotonic();
      const duration_ms = () => Math.round(clock.monotonic() - started);
      const headers = { accept: "application/json", authorization: `Bearer ${token}` };
      try {
        const answer = await http.send(logsUrl(auditUrl, query), { method: "GET", headers, pool }, signal);
        const tookMs = clock.monotonic() - started;
        report({ event: "slack_answered", source, http_status: answer.status, duration_ms: duration_ms() });
        return classifyResponse(answer, { query, tookMs, now: clock.now() });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AnswerTooLargeError) return tooLarge(query, error);
        const why = describeNetworkError(error);
        const error_type = networkErrorType(error);
        report({ event: "slack_unreachable", source, why, error_type, duration_ms: duration_ms() });
        return { status: "retry", why: `Slack did not answer: ${why}` };
      }
    },
  };
}

/** The URL of a page. Each page of a window needs the window's bounds, because a cursor does not contain them. */
export function logsUrl(auditUrl: string, { oldest, latest, limit, cursor }: LogsQuery): string {
  const url = new URL(`${auditUrl.replace(/\/+$/, "")}/logs`);
  if (oldest !== undefined) url.searchParams.set("oldest", String(oldest));
  if (latest !== undefined) url.searchParams.set("latest", String(latest));
  url.searchParams.set("limit", String(limit));
  if (cursor !== undefined) url.searchParams.set("cursor", cursor);
  return url.href;
}

const REFUSING_PROXY =
  "look for a proxy, firewall or sign-on between this machine and Slack that refuses the request; check audit_url";
const WRONG_URL_OR_PROXY = "check audit_url, and any proxy between this machine and Slack";

/** A request for fewer entries may help, unless it was for one. */
function tooLarge({ limit }: LogsQuery, { message: why }: AnswerTooLargeError): Outcome<LogsResponse, SlackRefusal> {
  if (limit > 1) return { status: "refused", refusal: { kind: "size", why } };
  return { status: "hold", why, remedy: WRONG_URL_OR_PROXY };
}

/** Uses the HTTP status of overload and outages first, then Slack's error code: Slack does not document the status of a code. */
function classifyResponse(
  { status, headers, body }: HttpResponse,
  { query, tookMs, now }: { query: LogsQuery; tookMs: number; now: number },
): Outcome<LogsResponse, SlackRefusal> {
  const code = errorCodeOf(body);
  if (status === 200 && code === undefined) return { status: "ok", value: { body, tookMs, ...dateOf(headers.date) } };

  const fault = code === undefined ? undefined : slackFault(code);
  const answered = code === undefined ? `Slack answered ${status}` : `Slack answered ${status} ${code}`;
  const why = fault ? `${answered}: ${fault.why}` : answered;
  if (status === 429 || status >= 500 || status === 408 || fault?.kind === "retry") {
    const afterMs = retryAfterMs(headers["retry-after"], now, headers.date);
    return { status: "retry", why, ...(afterMs !== undefined && { afterMs }) };
  }
  if (fault?.kind === "future") return { status: "refused", refusal: { kind: "future", why } };
  if (fault?.kind === "cursor" || (status === 400 && query.cursor !== undefined && !fault)) {
    return { status: "refused", refusal: { kind: "cursor", why } };
  }
  if (fault?.kind === "token" && code) {
    return { status: "refused", refusal: { kind: "token", code, why, remedy: fault.remedy } };
  }
  if (fault) return { status: "hold", why, remedy: fault.remedy };
  if (status === 200) return { status: "retry", why };
  if ((status === 401 || status === 403) && code !== undefined) {
    return { status: "refused", refusal: { kind: "token", code, why, remedy: REAUTHORIZE } };
  }
  // Slack refuses with a code. Without one a proxy refuses, and a new authorization does not help.
  if (status === 401 || status === 403)
    return { status: "hold", why: `${why} without an error code`, remedy: REFUSING_PROXY };
  return { status: "hold", why, remedy: WRONG_URL_OR_PROXY };
}

const MAX_ERROR_BYTES = 64 * 1_024;

/** The error code in a body; undefined where it is not an error. A page has neither `ok` nor `error`. */
function errorCodeOf(body: Buffer): string | undefined {
  // Errors are short. Parsing a long page twice costs CPU.
  if (body.length > MAX_ERROR_BYTES) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (!isObject(parsed)) return undefined;
    const { ok, error } = parsed;
    return ok === false || error ? toErrorCode(error) : undefined;
  } catch {
    return undefined;
  }
}

function dateOf(header: string | string[] | undefined): { date?: Seconds } {
  const ms = typeof header === "string" ? Date.parse(header) : Number.NaN;
  return Number.isNaN(ms) ? {} : { date: Math.floor(ms / 1_000) };
}
