import type { Organisation } from "../../model.ts";
import { jsonAnswer, type TextAnswer } from "../http/answer.ts";
import { type Call, tokenOf } from "./call.ts";
import { DEMO_WORKSPACE, PEOPLE } from "./people.ts";
import type { Token, Tokens } from "./tokens.ts";

/** What the token methods know. */
export interface WebApi {
  readonly organisation: Required<Organisation>;
  readonly tokens: Tokens;
  readonly now: () => number;
}

/** The methods that ask a token about itself. Like all of the Web API they answer 200, and tell in `ok` how it went. */
export function answerWebApi(call: Call, { organisation, tokens, now }: WebApi): TextAnswer {
  const value = tokenOf(call);
  if (!value) return no("not_authed");
  const token = tokens.find(value);
  if (!token) return no("invalid_auth");
  if (token.revoked) return no("token_revoked");
  if (token.expiresAt <= now()) return no("token_expired");
  if (call.path === "/api/auth.test") return yes(whoIs(token, organisation), token);
  if (call.path !== "/api/auth.revoke") return no("unknown_method");
  const rehearsal = (call.form.get("test") ?? call.query.get("test")) === "1";
  if (!rehearsal) tokens.revoke(value);
  return yes({ revoked: !rehearsal }, token);
}

/** For an organisation-wide token Slack names the organisation as the team. */
function whoIs({ org, installer, type }: Token, organisation: Required<Organisation>): object {
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

function yes(members: object, { scope }: Token): TextAnswer {
  return jsonAnswer(200, { ok: true, ...members }, { "x-oauth-scopes": scope });
}

function no(error: string): TextAnswer {
  return jsonAnswer(200, { ok: false, error });
}
