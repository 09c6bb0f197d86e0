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

/** An error response of the Audit Logs API. Slack documents the codes but not the HTTP statuses; these are assumed. */
export function refuse(
  code: string,
  { headers, ...members }: { headers?: Readonly<Record<string, string>>; needed?: string; provided?: string } = {},
): TextAnswer {
  return jsonAnswer(STATUS[code] ?? 400, { ok: false, error: code, ...members }, headers);
}

/** An error response of the Web API: its HTTP status is always 200. */
export function webApiError(error: string): TextAnswer {
  return jsonAnswer(200, { ok: false, error });
}
