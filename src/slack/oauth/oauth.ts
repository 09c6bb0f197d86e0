import type { Organisation } from "../../model.ts";
import type { Http } from "../../runtime/http.ts";
import { callWebApi, objectAt, refusalCode, textAt, type WebApiBody } from "../api/web-api.ts";
import { AGAIN, exchangeProblem, type OAuthProblem } from "./oauth-problem.ts";

/** The app as Slack knows it, and the organisation that alone may grant; the secret never leaves for any text. */
export interface OAuthApp {
  readonly slackUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
  /** The setup page, which begins a flow; without its key. */
  readonly setupUrl: string;
  /** Empty: any organisation. */
  readonly enterpriseId: string;
}

/** What an exchange came to. `tokens` are all that Slack handed out, to be revoked if the grant is not kept. */
export type Exchanged =
  | {
      readonly ok: true;
      readonly token: string;
      readonly organisation: Organisation;
      readonly tokens: readonly string[];
    }
  | ({ readonly ok: false } & OAuthProblem);

const USER_SCOPE = "auditlogs:read";
/** Unlocks the organisation-level opt-in, which asks for at least one bot scope (docs.slack.dev/enterprise/developing-for-enterprise-orgs). */
const BOT_SCOPE = "team:read";

/** Slack's consent page (docs.slack.dev/authentication/installing-with-oauth). */
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
 * Trades the code for the user token of an organisation-wide installation (docs.slack.dev/reference/methods/oauth.v2.access).
 * A grant that cannot be used is revoked as far as Slack lets us. Tried once: a code is spent by its first use.
 */
export async function exchangeCode(
  code: string,
  { app, http }: { app: OAuthApp; http: Http },
  signal: AbortSignal,
): Promise<Exchanged> {
  const basic = [app.clientId, app.clientSecret].map(formEncoded).join(":");
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

/** Gives tokens back (docs.slack.dev/reference/methods/auth.revoke), as far as Slack lets us. Rejects only when `signal` aborts. */
export async function revoke(
  tokens: readonly string[],
  { http, slackUrl }: { http: Http; slackUrl: string },
  signal: AbortSignal,
): Promise<void> {
  for (const token of tokens) {
    await callWebApi("auth.revoke", { http, slackUrl, authorization: `Bearer ${token}` }, signal);
  }
}

/** The user's token is the only one that reads audit logs; the one at the top level is the bot's. */
function classifyGrant(body: WebApiBody, pinned: string): Exchanged {
  const user = objectAt(body, "authed_user");
  const enterprise = objectAt(body, "enterprise");
  const id = textAt(enterprise, "id");
  const token = textAt(user, "access_token");
  if (rotates(body) || rotates(user)) {
    return refusal("the app rotates its tokens", "create the app anew from the manifest, token rotation off");
  }
  if (body.is_enterprise_install !== true || id === undefined) {
    return refusal(
      "the app was installed on a workspace, not on the organisation",
      "authorize again and choose the organisation in the menu at the upper right of Slack's page",
    );
  }
  if (pinned !== "" && id !== pinned) {
    return refusal(
      `another organisation was granted than ${pinned}`,
      `sign in to Slack as an owner of ${pinned} and authorize again, or change enterprise_id`,
    );
  }
  if (token === undefined) {
    return refusal("Slack granted no user token", "create the app anew from the manifest, with its user scope");
  }
  if (!scopes(user).includes(USER_SCOPE)) {
    return refusal(`the grant lacks the scope ${USER_SCOPE}`, `add the user scope ${USER_SCOPE} to the app`);
  }
  const name = textAt(enterprise, "name");
  return { ok: true, token, organisation: { id, ...(name !== undefined && { name }) }, tokens: tokensIn(body) };
}

function refusal(why: string, remedy: string): Exchanged {
  return { ok: false, why, remedy };
}

function rotates(holder: WebApiBody): boolean {
  return holder.expires_in !== undefined || holder.refresh_token !== undefined;
}

function scopes(user: WebApiBody): readonly string[] {
  return (textAt(user, "scope") ?? "").split(",").map((scope) => scope.trim());
}

function tokensIn(body: WebApiBody): readonly string[] {
  const found = [textAt(objectAt(body, "authed_user"), "access_token"), textAt(body, "access_token")];
  return found.filter((token) => token !== undefined);
}

/** RFC 6749 §2.3.1: both halves of the Basic credentials are form-encoded first. */
function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}
