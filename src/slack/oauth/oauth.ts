import type { Organisation } from "../../model.ts";
import type { Http } from "../../runtime/http.ts";
import { callWebApi, objectAt, refusalCode, textAt, type WebApiBody } from "../api/web-api.ts";
import { AGAIN, exchangeProblem, type OAuthProblem } from "./oauth-problem.ts";

/** The Slack app of a source. `clientSecret` must never appear in a text. */
export interface OAuthApp {
  readonly slackUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
  /** The URL of the setup page, without its key. */
  readonly setupUrl: string;
  /** The only organisation that is accepted; empty for any. */
  readonly enterpriseId: string;
}

/** The result of an exchange. `tokens` are all tokens that Slack issued, to be revoked if the grant is not stored. */
export type ExchangeResult =
  | {
      readonly ok: true;
      readonly token: string;
      readonly organisation: Organisation;
      readonly tokens: readonly string[];
    }
  | ({ readonly ok: false } & OAuthProblem);

const USER_SCOPE = "auditlogs:read";
/** Slack requires a bot scope for an organisation-wide installation (docs.slack.dev/enterprise/developing-for-enterprise-orgs). */
const BOT_SCOPE = "team:read";

/** Returns the URL of Slack's consent page (docs.slack.dev/authentication/installing-with-oauth). */
export function authorizeUrl(request: {
  slackUrl: string;
  clientId: string;
  redirectUri: string;
  state: string;
}): string {
  const url = new URL(`${request.slackUrl.replace(/\/+$/, "")}/oauth/v2/authorize`);
  url.searchParams.set("client_id", request.clientId);
  url.searchParams.set("scope", BOT_SCOPE);
  url.searchParams.set("user_scope", USER_SCOPE);
  url.searchParams.set("redirect_uri", request.redirectUri);
  url.searchParams.set("state", request.state);
  return url.href;
}

/**
 * Exchanges a code for the user token of an organisation-wide installation (docs.slack.dev/reference/methods/oauth.v2.access). A
 * grant that cannot be used is revoked. There is no retry, because a code is valid once. Rejects only when `signal` aborts.
 */
export async function exchangeCode(
  code: string,
  { app, http }: { app: OAuthApp; http: Http },
  signal: AbortSignal,
): Promise<ExchangeResult> {
  const basic = [app.clientId, app.clientSecret].map(formEncode).join(":");
  const authorization = `Basic ${Buffer.from(basic).toString("base64")}`;
  const form = { code, redirect_uri: app.redirectUrl };
  const call = { http, slackUrl: app.slackUrl, authorization, form };
  const answered = await callWebApi("oauth.v2.access", call, signal);
  if (!answered.usable) return { ok: false, why: answered.why, remedy: AGAIN };
  const refused = refusalCode(answered.body);
  if (refused !== undefined) return { ok: false, ...exchangeProblem(refused) };

  const exchanged = classifyGrant(answered.body, app.enterpriseId);
  if (!exchanged.ok) await revoke(tokensIn(answered.body), { http, slackUrl: app.slackUrl }, signal);
  return exchanged;
}

/** Revokes tokens (docs.slack.dev/reference/methods/auth.revoke) and ignores errors. Rejects only when `signal` aborts. */
export async function revoke(
  tokens: readonly string[],
  { http, slackUrl }: { http: Http; slackUrl: string },
  signal: AbortSignal,
): Promise<void> {
  for (const token of tokens) {
    await callWebApi("auth.revoke", { http, slackUrl, authorization: `Bearer ${token}` }, signal);
  }
}

/** Checks a grant. The token of `authed_user` reads audit logs; the token at the top level is the bot's. */
function classifyGrant(body: WebApiBody, pinned: string): ExchangeResult {
  const user = objectAt(body, "authed_user");
  const enterprise = objectAt(body, "enterprise");
  const id = textAt(enterprise, "id");
  const token = textAt(user, "access_token");
  if (rotates(body) || rotates(user)) {
    return refusal("the app rotates its tokens", "create the app again from the manifest, without token rotation");
  }
  if (body.is_enterprise_install !== true || id === undefined) {
    return refusal(
      "the app was installed on a workspace, not on the organisation",
      "authorize again and choose the organisation in the menu at the upper right of Slack's page",
    );
  }
  if (pinned !== "" && id !== pinned) {
    return refusal(
      `the grant is not of organisation ${pinned}`,
      `sign in to Slack as an owner of ${pinned} and authorize again, or change enterprise_id`,
    );
  }
  if (token === undefined) {
    return refusal("Slack granted no user token", "create the app again from the manifest, with its user scope");
  }
  if (!scopesOf(user).includes(USER_SCOPE)) {
    return refusal(`the grant lacks the scope ${USER_SCOPE}`, `add the user scope ${USER_SCOPE} to the app`);
  }
  const name = textAt(enterprise, "name");
  return { ok: true, token, organisation: { id, ...(name !== undefined && { name }) }, tokens: tokensIn(body) };
}

function refusal(why: string, remedy: string): ExchangeResult {
  return { ok: false, why, remedy };
}

function rotates(holder: WebApiBody): boolean {
  return holder.expires_in !== undefined || holder.refresh_token !== undefined;
}

function scopesOf(user: WebApiBody): readonly string[] {
  return (textAt(user, "scope") ?? "").split(",").map((scope) => scope.trim());
}

function tokensIn(body: WebApiBody): readonly string[] {
  const found = [textAt(objectAt(body, "authed_user"), "access_token"), textAt(body, "access_token")];
  return found.filter((token) => token !== undefined);
}

/** Encodes one half of the Basic credentials (RFC 6749 §2.3.1). */
function formEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}
