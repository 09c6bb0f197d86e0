/** Why an authorization failed, and what a person can do. */
export interface OAuthProblem {
  readonly why: string;
  readonly remedy: string;
}

/** The remedy where a new attempt may succeed. */
export const AGAIN = "open the setup link again and authorize once more";
const CLIENT = "copy client_id and client_secret again from the app's Basic Information page";
const REDIRECT = "add redirect_url, exactly as configured, to the app's Redirect URLs";
const MANIFEST = "create the app again from the manifest";
const POLICY = "ask an administrator of the organisation to allow the app";

/** The codes of `oauth.v2.access` (docs.slack.dev/reference/methods/oauth.v2.access). */
const EXCHANGE: Readonly<Record<string, OAuthProblem>> = {
  invalid_code: { why: "Slack does not accept the code: it is used, or older than ten minutes", remedy: AGAIN },
  code_already_used: { why: "the code was used before", remedy: AGAIN },
  code_expired: { why: "the code is older than ten minutes", remedy: AGAIN },
  bad_client_secret: { why: "Slack does not accept client_secret", remedy: CLIENT },
  invalid_client_id: { why: "Slack does not know client_id", remedy: CLIENT },
  bad_redirect_uri: { why: "the app does not have redirect_url among its Redirect URLs", remedy: REDIRECT },
  oauth_authorization_url_mismatch: { why: "the authorization did not begin at this daemon's link", remedy: AGAIN },
  invalid_grant_type: { why: "Slack does not allow this way of authorizing", remedy: MANIFEST },
  invalid_refresh_token: { why: "the app rotates its tokens", remedy: `${MANIFEST}, token rotation off` },
  invalid_code_verifier: { why: "the app demands PKCE, which cannot be switched off", remedy: MANIFEST },
  pkce_not_allowed: { why: "the app does not allow PKCE", remedy: MANIFEST },
  no_scopes: { why: "the app asks for no scope", remedy: MANIFEST },
  cannot_install_an_org_installed_app: { why: "the app is already installed on an organisation", remedy: AGAIN },
  preview_feature_not_available: { why: "the app uses a preview feature of Slack", remedy: MANIFEST },
  user_email_unverified: {
    why: "the user who authorized has an unverified email address",
    remedy: "verify it in Slack",
  },
  ratelimited: { why: "Slack had too many requests", remedy: `wait a minute, then ${AGAIN}` },
  internal_error: { why: "Slack had an internal error", remedy: AGAIN },
  fatal_error: { why: "Slack had an internal error", remedy: AGAIN },
  service_unavailable: { why: "Slack is unavailable", remedy: AGAIN },
  request_timeout: { why: "Slack gave up on the request", remedy: AGAIN },
  enterprise_is_restricted: { why: "a policy of the organisation forbids it", remedy: POLICY },
  accesslimited: { why: "a policy of the organisation forbids it", remedy: POLICY },
  access_denied: { why: "a policy of the organisation forbids it", remedy: POLICY },
};

/** The `error` parameters of the redirect URL (RFC 6749 §4.1.2.1; docs.slack.dev/authentication/installing-with-oauth). */
const CALLBACK: Readonly<Record<string, OAuthProblem>> = {
  access_denied: { why: "the authorization was cancelled on Slack's page", remedy: AGAIN },
  bad_redirect_uri: { why: "the app does not have redirect_url among its Redirect URLs", remedy: REDIRECT },
  invalid_scope: { why: "the app does not have the scopes auditlogs:read and team:read", remedy: MANIFEST },
  unapproved_scope: { why: "the scopes of the app are not approved", remedy: POLICY },
  scope_not_allowed_on_enterprise: { why: "a scope of the app is not allowed on an organisation", remedy: MANIFEST },
  invalid_team_for_non_distributed_app: {
    why: "the app belongs to another workspace and is not distributed",
    remedy: "opt the app in to organisation-wide deployment, or create it again from the manifest",
  },
  server_error: { why: "Slack had an internal error", remedy: AGAIN },
  temporarily_unavailable: { why: "Slack is unavailable", remedy: AGAIN },
};

/** Explains an error code of the exchange. An undocumented code is shown as it is. */
export function exchangeProblem(code: string): OAuthProblem {
  const known = Object.hasOwn(EXCHANGE, code) ? EXCHANGE[code] : undefined;
  return known ?? { why: `Slack refused the code: ${code}`, remedy: AGAIN };
}

/** Explains an `error` parameter. Anybody can write one, so an unknown one is not shown. */
export function callbackProblem(error: string): OAuthProblem {
  const known = Object.hasOwn(CALLBACK, error) ? CALLBACK[error] : undefined;
  return known ?? { why: "Slack's page reported an unknown error", remedy: AGAIN };
}

/** The documented codes of the exchange, for the tests. */
export const exchangeErrorCodes: readonly string[] = Object.keys(EXCHANGE);
