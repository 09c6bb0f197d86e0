import type { Grant } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Http } from "../runtime/http.ts";
import type { SlackClient } from "./client.ts";
import { exchangeCode, type OAuthApp, revoke } from "./oauth.ts";
import { AGAIN, type Trouble } from "./oauth-errors.ts";
import { askOrganisation } from "./organisation.ts";

/** What obtaining a grant takes. */
export interface GrantIo {
  readonly app: OAuthApp;
  readonly http: Http;
  readonly clock: Clock;
  readonly client: SlackClient;
  /** Puts the grant on the disk; a grant that cannot be kept is not used. */
  readonly save: (grant: Grant) => Promise<void>;
}

/** A grant, or why there is none. */
export type Obtained = { readonly ok: true; readonly grant: Grant } | ({ readonly ok: false } & Trouble);

/**
 * Turns a code into a grant that is proven to read audit logs, and saved, in that order. One that falls short on the way
 * leaves no token behind: not on the disk, and not at Slack as far as Slack lets us. Rejects only when `signal` aborts.
 */
export async function obtainGrant(code: string, io: GrantIo, signal: AbortSignal): Promise<Obtained> {
  const exchanged = await exchangeCode(code, io, signal);
  if (!exchanged.ok) return exchanged;
  const { token, tokens } = exchanged;
  const trouble = await disproof(token, io.client, signal);
  if (trouble) {
    await giveBack(tokens, io, signal);
    return { ok: false, ...trouble };
  }
  const known = await askOrganisation(token, { ...io, slackUrl: io.app.slackUrl }, signal);
  const domain = known.status === "ok" ? known.value.domain : undefined;
  const grant = { token, organisation: { ...exchanged.organisation, ...(domain !== undefined && { domain }) } };
  try {
    await io.save(grant);
    return { ok: true, grant };
  } catch (error) {
    await giveBack(tokens, io, signal);
    const why = `the grant cannot be stored: ${error instanceof Error ? error.message : "unknown error"}`;
    return { ok: false, why, remedy: `make the state folder writable, then ${AGAIN}` };
  }
}

function giveBack(tokens: readonly string[], { http, app }: GrantIo, signal: AbortSignal): Promise<void> {
  return revoke(tokens, { http, slackUrl: app.slackUrl }, signal);
}

/** Only reading proves a token: the owner's role, the scope and the plan are tested nowhere else. */
async function disproof(token: string, client: SlackClient, signal: AbortSignal): Promise<Trouble | undefined> {
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
