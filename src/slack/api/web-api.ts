import { describeNetworkError, type Http, type HttpResponse } from "../../runtime/http.ts";
import { isObject } from "../../runtime/json.ts";
import { toErrorCode } from "./errors.ts";

/** The answer of a Web API method: a JSON object, or why there is none. */
export type WebApiAnswer =
  | { readonly usable: true; readonly body: WebApiBody; readonly answer: HttpResponse }
  | { readonly usable: false; readonly why: string; readonly answer?: HttpResponse };

/** A JSON object from Slack. Its members are not checked. */
export type WebApiBody = Readonly<Record<string, unknown>>;

/** The parameters of a call. */
export interface WebApiCall {
  readonly http: Http;
  /** `https://slack.com`. */
  readonly slackUrl: string;
  readonly authorization: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** The answers of the methods used here have a few hundred bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Calls a method of Slack's Web API (docs.slack.dev/apis/web-api). It follows no redirect, because the request has credentials.
 * Rejects only when `signal` aborts.
 */
export async function callWebApi(method: string, call: WebApiCall, signal: AbortSignal): Promise<WebApiAnswer> {
  const headers = {
    accept: "application/json",
    authorization: call.authorization,
    "content-type": "application/x-www-form-urlencoded",
  };
  const body = new URLSearchParams(call.form).toString();
  const url = `${call.slackUrl.replace(/\/+$/, "")}/api/${method}`;
  try {
    return readAnswer(await call.http.send(url, { method: "POST", headers, body }, signal));
  } catch (error) {
    signal.throwIfAborted();
    return { usable: false, why: `Slack did not answer: ${describeNetworkError(error)}` };
  }
}

/** The error code of a body; undefined where it is `ok`. */
export function refusalCode({ ok, error }: WebApiBody): string | undefined {
  if (ok === true) return undefined;
  return toErrorCode(error);
}

/** The object at `key`; an empty object where there is none. */
export function objectAt(body: WebApiBody, key: string): WebApiBody {
  const value = body[key];
  return isObject(value) ? value : {};
}

/** The string at `key`; undefined where there is none or it is empty. */
export function textAt(body: WebApiBody, key: string): string | undefined {
  const value = body[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readAnswer(answer: HttpResponse): WebApiAnswer {
  const { status, body } = answer;
  if (status >= 300 && status < 400) return { usable: false, why: "Slack answered with a redirect", answer };
  if (body.length > MAX_ANSWER_BYTES) return { usable: false, why: "Slack's answer is too long", answer };
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (isObject(parsed) && "ok" in parsed) return { usable: true, body: parsed, answer };
  } catch {
    // Proxies answer with HTML.
  }
  return { usable: false, why: `Slack answered ${status} without JSON of its API`, answer };
}
