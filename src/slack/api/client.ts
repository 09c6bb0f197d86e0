import type { Report } from "../../events.ts";
import type { Outcome, Seconds } from "../../model.ts";
import { createBufferPool } from "../../runtime/buffer-pool.ts";
import type { Clock } from "../../runtime/clock.ts";
import { AnswerTooLargeError, describeNetworkError, type Http, type HttpResponse } from "../../runtime/http.ts";
import { retryAfterMs } from "../../runtime/retry-after.ts";
import { REAUTHORIZE, slackFault } from "./errors.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** The parameters of `GET /audit/v1/logs`; both bounds are inclusive. */
export interface LogsQuery {
  readonly oldest?: Seconds;
  readonly latest?: Seconds;
  readonly limit: number;
  readonly cursor?: string;
}

/** A successful answer, not yet parsed. */
export interface SlackAnswer {
  readonly body: Buffer;
  /** Slack's clock: the `Date` header, absent where something on the way strips it. */
  readonly date?: Seconds;
  /** From the request to the end of the answer. */
  readonly tookMs?: number;
}

/** Slack does not take the token. */
export interface TokenRefusal {
  readonly kind: "token";
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
}

/** What cannot be cured by asking the same again: the cursor, a window in the future, the page's size, or the token. */
export type SlackRefusal = { readonly kind: "cursor" | "future" | "size"; readonly why: string } | TokenRefusal;

/** The Audit Logs API of one organisation. */
export interface SlackClient {
  /** Asks for one page, newest entry first. Waits its turn in the request rateLimiter. Rejects only when `signal` aborts. */
  logs(query: LogsQuery, token: string, signal: AbortSignal): Promise<Outcome<SlackAnswer, SlackRefusal>>;
  /** Takes back an answer's body, for the next answer; it is not to be used any more. */
  release(body: Buffer): void;
  /** Says that for a while nothing will be asked: frees what was kept for the next answer. */
  rest(): void;
}

/** What a client is made of. */
export interface SlackClientOptions {
  readonly source: string;
  /** `https://api.slack.com/audit/v1`. */
  readonly auditUrl: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly report: Report;
}

/** More than three pages of 9,999 entries is rather left to the garbage collector than kept. */
const LARGEST_KEPT_BYTES = 24 * 1_024 * 1_024;

/** Speaks HTTP to the Audit Logs API and turns each of its answers into an outcome. */
export function createSlackClient({
  source,
  auditUrl,
  http,
  clock,
  rateLimiter,
  report,
}: SlackClientOptions): SlackClient {
  const pool = createBufferPool(LARGEST_KEPT_BYTES);
  return {
    release: pool.release,
    rest: pool.clear,
    async logs(query, token, signal) {
      await rateLimiter.take(signal);
      const started = clock.monotonic();
      const duration_ms = () => Math.round(clock.monotonic() - started);
      const headers = { accept: "application/json", authorization: `Bearer ${token}` };
      try {
        const answer = await http.send(logsUrl(auditUrl, query), { method: "GET", headers, pool }, signal);
        const tookMs = clock.monotonic() - started;
        report({ event: "slack_answered", source, http_status: answer.status, duration_ms: duration_ms() });
        return judge(answer, { query, tookMs, now: clock.now() });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AnswerTooLargeError) return tooLarge(query, error);
        const why = describeNetworkError(error);
        report({ event: "slack_unreachable", source, error_type: why, duration_ms: duration_ms() });
        return { status: "retry", why: `Slack did not answer: ${why}` };
      }
    },
  };
}

/** The address of a page. Every page of a window carries the window's bounds: a cursor does not remember them. */
export function logsUrl(auditUrl: string, { oldest, latest, limit, cursor }: LogsQuery): string {
  const url = new URL(`${auditUrl.replace(/\/+$/, "")}/logs`);
  if (oldest !== undefined) url.searchParams.set("oldest", String(oldest));
  if (latest !== undefined) url.searchParams.set("latest", String(latest));
  url.searchParams.set("limit", String(limit));
  if (cursor !== undefined) url.searchParams.set("cursor", cursor);
  return url.href;
}

const PROXY =
  "look for a proxy, firewall or sign-on between this machine and Slack that refuses the request; check audit_url";

/** Fewer entries take less room; of a page of one entry there is no smaller one. */
function tooLarge({ limit }: LogsQuery, { message: why }: AnswerTooLargeError): Outcome<SlackAnswer, SlackRefusal> {
  if (limit > 1) return { status: "refused", refusal: { kind: "size", why } };
  return { status: "hold", why, remedy: "check audit_url, and any proxy between this machine and Slack" };
}

/** Decides by the HTTP status first and by Slack's error code second: which code has which status is not documented. */
function judge(
  { status, headers, body }: HttpResponse,
  { query, tookMs, now }: { query: LogsQuery; tookMs: number; now: number },
): Outcome<SlackAnswer, SlackRefusal> {
  const code = errorCodeOf(body);
  if (status === 200 && code === undefined) return { status: "ok", value: { body, tookMs, ...dateOf(headers.date) } };

  const fault = code === undefined ? undefined : slackFault(code);
  const said = code === undefined ? `Slack answered ${status}` : `Slack answered ${status} ${code}`;
  const why = fault ? `${said}: ${fault.why}` : said;
  if (status === 429 || status >= 500 || status === 408 || fault?.fate === "retry") {
    const afterMs = retryAfterMs(headers["retry-after"], now, headers.date);
    return { status: "retry", why, ...(afterMs !== undefined && { afterMs }) };
  }
  if (fault?.fate === "future") return { status: "refused", refusal: { kind: "future", why } };
  if (fault?.fate === "cursor" || (status === 400 && query.cursor !== undefined && !fault)) {
    return { status: "refused", refusal: { kind: "cursor", why } };
  }
  if (fault?.fate === "token" && code) {
    return { status: "refused", refusal: { kind: "token", code, why, remedy: fault.remedy } };
  }
  if (fault) return { status: "hold", why, remedy: fault.remedy };
  if (status === 200) return { status: "retry", why };
  if ((status === 401 || status === 403) && code !== undefined) {
    return { status: "refused", refusal: { kind: "token", code, why, remedy: REAUTHORIZE } };
  }
  // Without a code of Slack's it is somebody on the way who refuses: another authorization would not help.
  if (status === 401 || status === 403)
    return { status: "hold", why: `${why} without a code of its API`, remedy: PROXY };
  return { status: "hold", why, remedy: "check audit_url, and any proxy between this machine and Slack" };
}

/** The code of an error body. A success has neither `ok` nor `error`; a body that says `ok: false` is never a success. */
function errorCodeOf(body: Buffer): string | undefined {
  // A page of entries is megabytes long and starts otherwise; an error is short.
  if (body.length > 64 * 1024) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const { ok, error } = parsed as { ok?: unknown; error?: unknown };
    if (ok !== false && !error) return undefined;
    return typeof error === "string" && /^\w{1,64}$/.test(error) ? error : "unnamed_error";
  } catch {
    return undefined;
  }
}

function dateOf(header: string | string[] | undefined): { date?: Seconds } {
  const ms = typeof header === "string" ? Date.parse(header) : Number.NaN;
  return Number.isNaN(ms) ? {} : { date: Math.floor(ms / 1_000) };
}
