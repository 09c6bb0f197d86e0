import { describeNetworkError, type Http, type HttpResponse } from "../../runtime/http.ts";
import { isObject } from "../../runtime/json.ts";

/** What a Web API method answered: a JSON object, or nothing that can be used. */
export type WebApiAnswer =
  | { readonly usable: true; readonly body: WebApiBody; readonly answer: HttpResponse }
  | { readonly usable: false; readonly why: string; readonly answer?: HttpResponse };

/** A JSON object that Slack sent, members unknown. */
export type WebApiBody = Readonly<Record<string, unknown>>;

/** One call of a Web API method. */
export interface WebApiCall {
  readonly http: Http;
  /** `https://slack.com`. */
  readonly slackUrl: string;
  readonly authorization: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** Every answer that is asked for here is a few hundred bytes long. */
const LONGEST_ANSWER = 64 * 1024;

/**
 * Posts to a method of Slack's Web API (docs.slack.dev/apis/web-api). A redirect is not followed, so the credentials go
 * nowhere else. Rejects only when `signal` aborts.
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
    return read(await call.http.send(url, { method: "POST", headers, body }, signal));
  } catch (error) {
    signal.throwIfAborted();
    return { usable: false, why: `Slack did not answer: ${describeNetworkError(error)}` };
  }
}

/** The code of a refusal, or undefined where Slack said `ok`. Text that is no code is never repeated. */
export function refusalCode({ ok, error }: WebApiBody): string | undefined {
  if (ok === true) return undefined;
  return typeof error === "string" && /^\w{1,64}$/.test(error) ? error : "unnamed_error";
}

/** A member that is an object, else an empty one. */
export function objectAt(body: WebApiBody, key: string): WebApiBody {
  const value = body[key];
  return isObject(value) ? value : {};
}

/** A member that is a text with something in it. */
export function textAt(body: WebApiBody, key: string): string | undefined {
  const value = body[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function read(answer: HttpResponse): WebApiAnswer {
  const { status, body } = answer;
  if (status >= 300 && status < 400) return { usable: false, why: "Slack answered with a redirect", answer };
  if (body.length > LONGEST_ANSWER) return { usable: false, why: "Slack's answer is too long", answer };
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && "ok" in parsed) {
      return { usable: true, body: parsed as WebApiBody, answer };
    }
  } catch {
    // Said below: a page of HTML is what proxies and outages send.
  }
  return { usable: false, why: `Slack answered ${status} with something that is not an answer of its API`, answer };
}
