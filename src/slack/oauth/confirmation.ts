import type { Grant, Grants } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import type { SlackClient } from "../api/client.ts";
import type { OAuthApp } from "./oauth.ts";
import type { FlowResult } from "./oauth-flows.ts";
import { AGAIN, type OAuthProblem } from "./oauth-problem.ts";
import { type GrantOptions, obtainGrant, type ProvenGrant, revokeTokens, storeGrant } from "./obtain-grant.ts";
import { fingerprint } from "./secrets.ts";

/** Exchanges codes for grants and stores them. While no organisation is pinned, a person must confirm it first. */
export interface Confirmation {
  /** Exchanges a code. The grant of an unconfirmed organisation is kept in memory for ten minutes, until `decide`. */
  exchange(flow: { code: string; state: string }, signal: AbortSignal): Promise<FlowResult>;
  /** Stores the unconfirmed grant of this flow, or revokes it. Undefined where there is none. */
  decide(decision: { state: string; connect: boolean }, signal: AbortSignal): Promise<FlowResult> | undefined;
  /** Revokes all unconfirmed grants. */
  close(): Promise<void>;
}

/** The options of `createConfirmation`. */
export interface ConfirmationOptions {
  readonly source: string;
  readonly app: OAuthApp;
  readonly grants: Grants;
  readonly client: SlackClient;
  readonly http: Http;
  readonly clock: Clock;
  /** The id of the only organisation that is accepted; empty while any is. */
  readonly pinned: () => string;
  /** The grant in use; undefined while the setup is open. */
  readonly connected: () => Grant | undefined;
  readonly accept: (grant: Grant) => void;
  readonly refuse: (problem: OAuthProblem) => FlowResult;
}

/** A flow expires after the same time. */
const DECISION_MS = 10 * 60_000;
/** The time for the requests that revoke unconfirmed grants. They also delay the end of the daemon. */
const REVOKE_MS = 2_000;
const UNCONFIRMED: OAuthProblem = {
  why: "the organisation is not confirmed yet",
  remedy: "confirm whether it is the right one",
};
const DECLINED: OAuthProblem = {
  why: "the organisation was declined",
  remedy: "sign in to Slack as an owner of the right organisation, then open the setup link again",
};

/** Creates the confirmation of one source. */
export function createConfirmation(options: ConfirmationOptions): Confirmation {
  const { source, app, grants, client, http, clock, pinned, connected, accept, refuse } = options;
  const unconfirmed = new Map<string, ProvenGrant>();
  /** Read for each flow: `pinned` and the client secret may change. */
  const grantOptions = (): GrantOptions => ({
    app: { ...app, enterpriseId: pinned() },
    http,
    clock,
    client,
    save: (grant) => grants.save(source, grant),
  });
  /** Revokes a grant, but not that of the connected organisation: Slack may have given the same token twice. */
  const discard = async ({ grant, tokens }: ProvenGrant, signal: AbortSignal) => {
    if (connected()?.organisation?.id !== grant.organisation?.id) await revokeTokens(tokens, { http, app }, signal);
  };
  const take = (state: string) => {
    const name = fingerprint(state);
    const proven = unconfirmed.get(name);
    unconfirmed.delete(name);
    return proven;
  };
  const store = async (proven: ProvenGrant, signal: AbortSignal): Promise<FlowResult> => {
    const { organisation } = proven.grant;
    if (pinned() !== "" && organisation?.id !== pinned()) {
      await discard(proven, signal);
      return refuse({ why: `the grant is not of organisation ${pinned()}`, remedy: AGAIN });
    }
    const inUse = connected();
    if (inUse) return { ok: true, ...(inUse.organisation && { organisation: inUse.organisation }) };
    const problem = await storeGrant(proven, grantOptions(), signal);
    if (problem) return refuse(problem);
    accept(proven.grant);
    return { ok: true, ...(organisation && { organisation }) };
  };
  return {
    async exchange({ code, state }, signal) {
      const obtained = await obtainGrant(code, grantOptions(), signal);
      if (!obtained.ok) return refuse(obtained);
      const { organisation } = obtained.grant;
      if (pinned() !== "" || !organisation) return store(obtained, signal);
      const name = fingerprint(state);
      unconfirmed.set(name, obtained);
      const expiry = clock.deadline(DECISION_MS);
      expiry.addEventListener("abort", () => {
        if (unconfirmed.delete(name)) void discard(obtained, clock.deadline(REVOKE_MS)).catch(() => {});
      });
      return { ok: false, ...UNCONFIRMED, unconfirmed: { organisation, state } };
    },
    decide({ state, connect }, signal) {
      const proven = take(state);
      if (!proven) return undefined;
      return connect ? store(proven, signal) : discard(proven, signal).then(() => refuse(DECLINED));
    },
    async close() {
      const grants = [...unconfirmed.values()];
      unconfirmed.clear();
      const signal = clock.deadline(REVOKE_MS);
      await Promise.all(grants.map((proven) => discard(proven, signal))).catch(() => {});
    },
  };
}
