import type { Grant } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import type { SlackClient } from "../api/client.ts";
import { fetchOrganisation } from "../api/organisation.ts";
import { exchangeCode, type OAuthApp, revoke } from "./oauth.ts";
import { AGAIN, type OAuthProblem } from "./oauth-problem.ts";

/** The options of `obtainGrant` and `storeGrant`. */
export interface GrantOptions {
  readonly app: OAuthApp;
  readonly http: Http;
  readonly clock: Clock;
  readonly client: SlackClient;
  /** Resolves once the grant is on the disk. */
  readonly save: (grant: Grant) => Promise<void>;
}

/** A grant that can read audit logs, and is not stored yet. */
export interface ProvenGrant {
  readonly grant: Grant;
  /** All tokens that Slack issued with it. */
  readonly tokens: readonly string[];
}

/** A grant, or why there is none. */
export type ObtainResult = ({ readonly ok: true } & ProvenGrant) | ({ readonly ok: false } & OAuthProblem);

/**
 * Exchanges a code for a grant, and proves that it can read audit logs. A grant that cannot is revoked. Rejects only when `signal`
 * aborts.
 */
export async function obtainGrant(code: string, options: GrantOptions, signal: AbortSignal): Promise<ObtainResult> {
  const exchanged = await exchangeCode(code, options, signal);
  if (!exchanged.ok) return exchanged;
  const { token, tokens } = exchanged;
  const problem = await verifyToken(token, options.client, signal);
  if (problem) {
    await revokeTokens(tokens, options, signal);
    return { ok: false, ...problem };
  }
  const fetched = await fetchOrganisation(
    token,
    { slackUrl: options.app.slackUrl, http: options.http, clock: options.clock },
    signal,
  );
  const domain = fetched.status === "ok" ? fetched.value.domain : undefined;
  const grant = { token, organisation: { ...exchanged.organisation, ...(domain !== undefined && { domain }) } };
  return { ok: true, grant, tokens };
}

/** Stores a grant; revokes it and returns why where that fails. Rejects only when `signal` aborts. */
export async function storeGrant(
  { grant, tokens }: ProvenGrant,
  options: GrantOptions,
  signal: AbortSignal,
): Promise<OAuthProblem | undefined> {
  try {
    await options.save(grant);
    return undefined;
  } catch (error) {
    await revokeTokens(tokens, options, signal);
    const why = `the grant cannot be stored: ${error instanceof Error ? error.message : "unknown error"}`;
    return { why, remedy: `make the state folder writable, then ${AGAIN}` };
  }
}

/** Revokes tokens and ignores errors. Rejects only when `signal` aborts. */
export function revokeTokens(
  tokens: readonly string[],
  { http, app }: Pick<GrantOptions, "http" | "app">,
  signal: AbortSignal,
): Promise<void> {
  return revoke(tokens, { http, slackUrl: app.slackUrl }, signal);
}

/** Reads one entry. No other method of Slack checks the owner's role, the scope and the plan. */
async function verifyToken(token: string, client: SlackClient, signal: AbortSignal): Promise<OAuthProblem | undefined> {
  const outcome = await client.logs({ limit: 1 }, token, signal);
  switch (outcome.status) {
    case "ok":
      return undefined;
    case "retry":
      return { why: `Slack could not be reached to prove the token: ${outcome.why}`, remedy: AGAIN };
    case "hold":
      return { why: outcome.why, remedy: outcome.remedy };
    case "refused":
      return outcome.refusal.kind === "token" ? outcome.refusal : { why: outcome.refusal.why, remedy: AGAIN };
  }
}
