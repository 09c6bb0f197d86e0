import type { Organisation, Outcome } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import { retryAfterMs } from "../../runtime/retry-after.ts";
import type { SlackRefusal } from "./client.ts";
import { slackFault } from "./errors.ts";
import { callWebApi, refusalCode, textAt, type WebApiBody } from "./web-api.ts";

/**
 * Fetches the organisation of a token (docs.slack.dev/reference/methods/auth.test). Success does not prove that the token may read
 * audit logs. Rejects only when `signal` aborts.
 */
export async function fetchOrganisation(
  token: string,
  { slackUrl, http, clock }: { slackUrl: string; http: Http; clock: Clock },
  signal: AbortSignal,
): Promise<Outcome<Organisation, SlackRefusal>> {
  const answered = await callWebApi("auth.test", { http, slackUrl, authorization: `Bearer ${token}` }, signal);
  const headers = answered.answer?.headers;
  const afterMs = retryAfterMs(headers?.["retry-after"], clock.now(), headers?.date);
  const retry = (why: string) => ({ status: "retry" as const, why, ...(afterMs !== undefined && { afterMs }) });
  if (!answered.usable) return retry(answered.why);

  const code = refusalCode(answered.body);
  if (code === undefined) return readOrganisation(answered.body);
  const fault = slackFault(code);
  const why = `Slack answered auth.test with ${code}${fault ? `: ${fault.why}` : ""}`;
  if (!fault || fault.kind === "retry" || fault.kind === "cursor" || fault.kind === "future") return retry(why);
  if (fault.kind === "hold") return { status: "hold", why, remedy: fault.remedy };
  return { status: "refused", refusal: { kind: "token", code, why, remedy: fault.remedy } };
}

/** The id of the organisation is `enterprise_id`, or `team_id` if that begins with `E`. */
function readOrganisation(body: WebApiBody): Outcome<Organisation, SlackRefusal> {
  const team = textAt(body, "team_id");
  const id = textAt(body, "enterprise_id") ?? (team?.startsWith("E") ? team : undefined);
  if (id === undefined) {
    return {
      status: "refused",
      refusal: {
        kind: "token",
        code: "team_not_authorized",
        why: "the token belongs to a workspace, not to an organisation",
        remedy: "install the app on the organisation and use the token of that installation",
      },
    };
  }
  const name = textAt(body, "team");
  const domain = readDomain(textAt(body, "url"));
  return {
    status: "ok",
    value: { id, ...(name !== undefined && { name }), ...(domain !== undefined && { domain }) },
  };
}

/** `acme` for `https://acme.enterprise.slack.com/`. */
function readDomain(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.split(".")[0] || undefined;
}
