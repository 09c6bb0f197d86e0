import type { Grant } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import type { SlackClient } from "../api/client.ts";
import { fetchOrganisation } from "../api/organisation.ts";
import { exchangeCode, type OAuthApp, revoke } from "./oauth.ts";
import { AGAIN, type OAuthProblem } from "./oauth-problem.ts";

/** What obtaining a grant takes. */
export interface GrantIo {
  readonly app: OAuthApp;
  readonly http: Http;
  readonly clock: Clock;
  readonly client: SlackClient;
  /** Puts the grant on the disk; a grant that cannot be kept is not used. */
  readonly save: (grant: Grant) => Promise<void>;
}

/** A grant that Slack gave and that reads audit logs. It is stored nowhere yet. */
export interface ProvenGrant {
  readonly grant: Grant;
  /** All tokens that Slack handed out with it. */
  readonly tokens: readonly string[];
}

/** A grant, or why there is none. */
export type Obtained = ({ readonly ok: true } & ProvenGrant) | ({ readonly ok: false } & OAuthProblem);

/**
 * Turns a code into a grant that is proven to read audit logs. One that falls short on the way leaves no token behind at
 * Slack, as far as Slack lets us. Rejects only when `signal` aborts.
 */
export async function obtainGrant(code: string, io: GrantIo, signal: AbortSignal): Promise<Obtained> {
  const exchanged = await exchangeCode(code, io, signal);
  if (!exchanged.ok) return exchanged;
  const { token, tokens } = exchanged;
  const problem = await verifyToken(token, io.client, signal);
  if (problem) {
    await revokeTokens(tokens, io, signal);
    return { ok: false, ...problem };
  }
  const known = await fetchOrganisation(token, { ...io, slackUrl: io.app.slackUrl }, signal);
  const domain = known.status === "ok" ? known.value.domain : undefined;
  const grant = { token, organisation: { ...exchanged.organisation, ...(domain !== undefined && { domain }) } };
  return { ok: true, grant, tokens };
}

/** Puts a proven grant on the disk; gives it back to Slack and says why where that fails. Rejects only when `signal` aborts. */
export async function storeGrant(
  { grant, tokens }: ProvenGrant,
  io: GrantIo,
  signal: AbortSignal,
): Promise<OAuthProblem | undefined> {
  try {
    await io.save(grant);
    return undefined;
  } catch (error) {
    await revokeTokens(tokens, io, signal);
    const why = `the grant cannot be stored: ${error instanceof Error ? error.message : "unknown error"}`;
    return { why, remedy: `make the state folder writable, then ${AGAIN}` };
  }
}

/** Revokes tokens that are not kept, as far as Slack lets us. Rejects only when `signal` aborts. */
export function revokeTokens(
  tokens: readonly string[],
  { http, app }: Pick<GrantIo, "http" | "app">,
  signal: AbortSignal,
): Promise<void> {
  return revoke(tokens, { http, slackUrl: app.slackUrl }, signal);
}

/** Only reading proves a token: the owner's role, the scope and the plan are tested nowhere else. */
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
