import type { Organisation } from "../../model.ts";
import { jsonAnswer, type TextAnswer } from "../http/answer.ts";
import { DEMO_WORKSPACE, PEOPLE } from "./people.ts";
import { webApiError } from "./refusal.ts";
import { type ParsedRequest, tokenOf } from "./request.ts";
import type { Token, Tokens } from "./tokens.ts";

/** The state that the Web API reads and changes. `now` is in milliseconds. */
export interface WebApi {
  readonly organisation: Required<Organisation>;
  readonly tokens: Tokens;
  readonly now: () => number;
}

/** Answers `auth.test` and `auth.revoke`. The HTTP status is always 200; `ok` tells success. */
export function answerWebApi(request: ParsedRequest, { organisation, tokens, now }: WebApi): TextAnswer {
  const value = tokenOf(request);
  if (!value) return webApiError("not_authed");
  const token = tokens.find(value);
  if (!token) return webApiError("invalid_auth");
  if (token.revoked) return webApiError("token_revoked");
  if (token.expiresAt <= now()) return webApiError("token_expired");
  if (request.path === "/api/auth.test") return success(describeToken(token, organisation), token);
  if (request.path !== "/api/auth.revoke") return webApiError("unknown_method");
  const isTest = (request.form.get("test") ?? request.query.get("test")) === "1";
  if (!isTest) tokens.revoke(value);
  return success({ revoked: !isTest }, token);
}

/** For an organisation-wide token the team is the organisation. */
function describeToken({ org, installer, type }: Token, organisation: Required<Organisation>): object {
  const team = org ? organisation : DEMO_WORKSPACE;
  return {
    url: `https://${team.domain}.${org ? "enterprise.slack.com" : "slack.com"}/`,
    team: team.name,
    user: type === "bot" ? "audit_log_receiver" : PEOPLE[installer].name,
    team_id: team.id,
    user_id: type === "bot" ? "U06AUDITBOT" : PEOPLE[installer].id,
    enterprise_id: organisation.id,
    is_enterprise_install: org,
  };
}

function success(members: object, { scope }: Token): TextAnswer {
  return jsonAnswer(200, { ok: true, ...members }, { "x-oauth-scopes": scope });
}
