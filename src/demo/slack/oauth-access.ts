import type { Organisation } from "../../model.ts";
import type { Random } from "../../runtime/random.ts";
import { jsonAnswer, type TextAnswer } from "../http/answer.ts";
import type { AuthorizationCodes, Consent, OAuthApp } from "./oauth-app.ts";
import { DEMO_WORKSPACE, PEOPLE } from "./people.ts";
import { webApiError } from "./refusal.ts";
import type { ParsedRequest } from "./request.ts";
import type { Token, Tokens } from "./tokens.ts";

/** The state that a token exchange reads and changes. `now` is in milliseconds. */
export interface TokenExchange {
  readonly app: OAuthApp;
  readonly codes: AuthorizationCodes;
  readonly tokens: Tokens;
  readonly organisation: Required<Organisation>;
  readonly random: Random;
  readonly now: () => number;
}

const ROTATION_SECONDS = 43_200;

/** Answers `oauth.v2.access`: exchanges a code for tokens (https://docs.slack.dev/reference/methods/oauth.v2.access). */
export function answerOAuthAccess({ authorization, form }: ParsedRequest, exchange: TokenExchange): TextAnswer {
  const { app, codes } = exchange;
  const [id, secret] = readBasic(authorization) ?? [form.get("client_id"), form.get("client_secret")];
  if (id !== app.clientId) return webApiError("invalid_client_id");
  if (secret !== app.clientSecret) return webApiError("bad_client_secret");
  if ((form.get("grant_type") ?? "authorization_code") !== "authorization_code")
    return webApiError("invalid_grant_type");
  const consent = codes.take(form.get("code") ?? "");
  if (!consent) return webApiError("invalid_code");
  if (consent.redirectUri !== (form.get("redirect_uri") || undefined)) return webApiError("bad_redirect_uri");
  return jsonAnswer(200, toInstallation(consent, exchange));
}

function toInstallation(consent: Consent, exchange: TokenExchange): object {
  const { installer, org, userScope, botScope } = consent;
  const { id, name } = exchange.organisation;
  const issue = (scope: string, type: Token["type"]) => issueToken({ scope, type, consent, exchange });
  return {
    ok: true,
    app_id: "A06AUDITAPP",
    authed_user: { id: PEOPLE[installer].id, ...(userScope ? issue(userScope, "user") : {}) },
    ...(botScope ? { ...issue(botScope, "bot"), bot_user_id: "U06AUDITBOT" } : {}),
    team: org ? null : { id: DEMO_WORKSPACE.id, name: DEMO_WORKSPACE.name },
    enterprise: { id, name },
    is_enterprise_install: org,
  };
}

function issueToken({
  scope,
  type,
  consent: { installer, org },
  exchange: { app, tokens, random, now },
}: {
  scope: string;
  type: Token["type"];
  consent: Consent;
  exchange: TokenExchange;
}): object {
  const grant = { installer, scope, org, type };
  if (!app.tokenRotation) return { scope, access_token: tokens.grant(grant), token_type: type };
  return {
    scope,
    access_token: tokens.grant({ ...grant, expiresAt: now() + ROTATION_SECONDS * 1_000 }),
    token_type: type,
    refresh_token: `xoxe-1-${random.bytes(36).toString("hex")}`,
    expires_in: ROTATION_SECONDS,
  };
}

function readBasic(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return [id, secret.join(":")];
}
