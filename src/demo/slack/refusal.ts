import { jsonAnswer, type TextAnswer } from "../http/answer.ts";

const STATUS: Readonly<Record<string, number>> = {
  missing_authentication: 401,
  invalid_authentication: 401,
  user_not_authorized: 403,
  team_not_authorized: 403,
  feature_not_enabled: 403,
  bad_endpoint: 404,
  ratelimited: 429,
};

/** How the Audit Logs API says no. Slack's page names the codes but not their statuses: these are plausible ones. */
export function refuse(
  code: string,
  { headers, ...members }: { headers?: Readonly<Record<string, string>>; needed?: string; provided?: string } = {},
): TextAnswer {
  return jsonAnswer(STATUS[code] ?? 400, { ok: false, error: code, ...members }, headers);
}
