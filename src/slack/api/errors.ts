/** The meaning of one of Slack's error codes. */
export interface SlackFault {
  /**
   * `retry`: a later request may succeed. `hold`: a person must act. `token`: a new authorization is needed. `cursor`: the window
   * must be read again. `future`: the window ends in Slack's future.
   */
  readonly kind: "retry" | "hold" | "token" | "cursor" | "future";
  readonly why: string;
  readonly remedy: string;
}

/** The remedy where Slack does not accept a token of OAuth. */
export const REAUTHORIZE = "authorize again as an owner of the organisation";
const POLICY = "ask an administrator of the organisation to allow the app and this machine's address";
const WAIT = "wait: Slack is expected to recover";

/**
 * The documented codes of the Audit Logs API (docs.slack.dev/reference/audit-logs-api/methods-actions-reference) and of
 * the Web API (docs.slack.dev/reference/methods/auth.test). The two have different codes for the same faults.
 */
const FAULTS: Readonly<Record<string, SlackFault>> = {
  rate_limited: { kind: "retry", why: "the organisation's rate limit is exceeded", remedy: WAIT },
  ratelimited: { kind: "retry", why: "the organisation's rate limit is exceeded", remedy: WAIT },
  invalid_range: {
    kind: "future",
    why: "Slack says that the window is in the future",
    remedy: "none needed: Slack's time is learned again",
  },
  internal_error: { kind: "retry", why: "Slack had an internal error", remedy: WAIT },
  fatal_error: { kind: "retry", why: "Slack had an internal error", remedy: WAIT },
  service_unavailable: { kind: "retry", why: "Slack is unavailable", remedy: WAIT },
  request_timeout: { kind: "retry", why: "Slack gave up on the request", remedy: WAIT },
  invalid_cursor: {
    kind: "cursor",
    why: "Slack no longer knows the cursor",
    remedy: "none needed: the window is read again",
  },

  invalid_authentication: { kind: "token", why: "Slack does not accept the token", remedy: REAUTHORIZE },
  invalid_auth: {
    kind: "token",
    why: "Slack does not accept the token or this machine's address",
    remedy: REAUTHORIZE,
  },
  account_inactive: { kind: "token", why: "the account that authorized was deactivated", remedy: REAUTHORIZE },
  token_revoked: { kind: "token", why: "the token was revoked or the app removed", remedy: REAUTHORIZE },
  token_expired: {
    kind: "token",
    why: "the token has expired",
    remedy: "use an app without token rotation and authorize it",
  },
  missing_scope: {
    kind: "token",
    why: "the token lacks the scope auditlogs:read",
    remedy: "add the user scope auditlogs:read to the app and authorize again",
  },
  no_permission: { kind: "token", why: "the token may not read audit logs", remedy: REAUTHORIZE },
  not_allowed_token_type: { kind: "token", why: "audit logs need a user token (xoxp-)", remedy: REAUTHORIZE },
  user_not_authorized: {
    kind: "token",
    why: "the user who authorized is not an owner of the organisation",
    remedy: REAUTHORIZE,
  },
  team_not_authorized: {
    kind: "token",
    why: "the app is installed on a workspace, not on the organisation",
    remedy: "authorize again and choose the organisation in the menu at the upper right of Slack's page",
  },

  feature_not_enabled: {
    kind: "hold",
    why: "the organisation has no audit logs",
    remedy: "audit logs need Slack's Enterprise plan: ask Slack or your administrator",
  },
  missing_authentication: {
    kind: "hold",
    why: "the request reached Slack without its token",
    remedy: "look for a proxy that strips the Authorization header",
  },
  not_authed: {
    kind: "hold",
    why: "the request reached Slack without its token",
    remedy: "look for a proxy that strips the Authorization header",
  },
  bad_endpoint: { kind: "hold", why: "Slack has no such address", remedy: "correct audit_url" },
  invalid_action: {
    kind: "hold",
    why: "Slack does not know a requested action",
    remedy: "update slack-audit-receiver",
  },
  invalid_workspace: { kind: "hold", why: "audit logs cannot be read for this workspace", remedy: REAUTHORIZE },
  method_not_allowed: { kind: "hold", why: "Slack does not allow this token to read audit logs", remedy: REAUTHORIZE },
  org_login_required: {
    kind: "hold",
    why: "the workspace is being moved to an organisation",
    remedy: "wait until Slack has finished the move",
  },
  team_added_to_org: {
    kind: "hold",
    why: "the workspace is being moved to an organisation",
    remedy: "wait until Slack has finished the move",
  },
  team_access_not_granted: {
    kind: "hold",
    why: "the token was not granted access to the organisation",
    remedy: REAUTHORIZE,
  },
  enterprise_is_restricted: { kind: "hold", why: "a policy of the organisation forbids it", remedy: POLICY },
  accesslimited: { kind: "hold", why: "a policy of the organisation forbids it", remedy: POLICY },
  access_denied: { kind: "hold", why: "a policy of the organisation forbids it", remedy: POLICY },
  ekm_access_denied: { kind: "hold", why: "the organisation's key management denies access", remedy: POLICY },
  two_factor_setup_required: {
    kind: "hold",
    why: "the account must set up two-factor authentication",
    remedy: "set it up, or authorize as another owner",
  },
};

/** Returns the error code in the member `error` of an answer; `unnamed_error` for any other value, which is never shown. */
export function toErrorCode(error: unknown): string {
  return typeof error === "string" && /^\w{1,64}$/.test(error) ? error : "unnamed_error";
}

/** Looks up an error code; undefined where Slack does not document it. */
export function slackFault(code: string): SlackFault | undefined {
  return Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined;
}

/** The remedy where Slack does not accept a token in the configuration. Such a token can only be replaced. */
export function pastedTokenRemedy({ code }: { readonly code: string }): string {
  if (code === "missing_scope") {
    return "add the user scope auditlogs:read to the app, install it on the organisation again and replace the token";
  }
  if (code === "token_expired") return "use an app without token rotation and replace the token";
  if (code === "not_allowed_token_type") return "replace the token by a user token (xoxp-) of an owner";
  return "replace the token by one that an owner of the organisation has installed";
}

/** All documented codes, for the documentation and the tests. */
export const slackErrorCodes: readonly string[] = Object.keys(FAULTS);
