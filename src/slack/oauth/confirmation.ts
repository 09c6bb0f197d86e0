import type { Grant, Grants } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import type { SlackClient } from "../api/client.ts";
import type { OAuthApp } from "./oauth.ts";
import type { FlowResult } from "./oauth-flows.ts";
import { AGAIN, type OAuthProblem } from "./oauth-problem.ts";
import { obtainGrant, type ProvenGrant, revokeTokens, storeGrant } from "./obtain-grant.ts";
import { fingerprint } from "./secrets.ts";

/** Turns codes into stored grants. While no organisation is pinned, a person confirms it in between. */
export interface Confirmation {
  /** Exchanges a code. The grant of an unconfirmed organisation waits ten minutes for `decide`. */
  exchange(flow: { code: string; state: string }, signal: AbortSignal): Promise<FlowResult>;
  /** Stores the grant that waits in this flow, or gives it back. Undefined where none waits. */
  decide(decision: { state: string; connect: boolean }, signal: AbortSignal): Promise<FlowResult> | undefined;
  /** Gives back all that waits. */
  close(): Promise<void>;
}

/** What a confirmation is made of. */
export interface ConfirmationOptions {
  readonly source: string;
  readonly app: OAuthApp;
  readonly grants: Grants;
  readonly client: SlackClient;
  readonly http: Http;
  readonly clock: Clock;
  /** The only organisation that may grant; empty while it is any. */
  readonly pinned: () => string;
  /** The grant in use, where the setup is closed. */
  readonly connected: () => Grant | undefined;
  readonly accept: (grant: Grant) => void;
  readonly refuse: (problem: OAuthProblem) => FlowResult;
}

/** As long as a flow. */
const WAIT_MS = 10 * 60_000;
/** How long the end of the daemon waits for Slack to take back what nobody confirmed. */
const FAREWELL_MS = 2_000;
const UNCONFIRMED: OAuthProblem = {
  why: "the organisation is not confirmed yet",
  remedy: "say whether it is the right one",
};
const NOT_THIS_ONE: OAuthProblem = {
  why: "the organisation was turned down",
  remedy: "sign in to Slack as an owner of the right organisation, then open the setup link again",
};

/** Keeps what waits in memory only. */
export function createConfirmation(options: ConfirmationOptions): Confirmation {
  const { source, app, grants, clock, pinned, connected, accept, refuse } = options;
  const waiting = new Map<string, ProvenGrant>();
  const io = () => ({
    ...options,
    app: { ...app, enterpriseId: pinned() },
    save: (grant: Grant) => grants.save(source, grant),
  });
  /** Slack may have given the same token twice: one that is in use is not revoked. */
  const drop = async ({ grant, tokens }: ProvenGrant, signal: AbortSignal) => {
    if (connected()?.organisation?.id !== grant.organisation?.id) await revokeTokens(tokens, options, signal);
  };
  const take = (state: string) => {
    const name = fingerprint(state);
    const proven = waiting.get(name);
    waiting.delete(name);
    return proven;
  };
  const keep = async (proven: ProvenGrant, signal: AbortSignal): Promise<FlowResult> => {
    const { organisation } = proven.grant;
    if (pinned() !== "" && organisation?.id !== pinned()) {
      await drop(proven, signal);
      return refuse({ why: `another organisation was granted than ${pinned()}`, remedy: AGAIN });
    }
    const inUse = connected();
    if (inUse) return { ok: true, ...(inUse.organisation && { organisation: inUse.organisation }) };
    const problem = await storeGrant(proven, io(), signal);
    if (problem) return refuse(problem);
    accept(proven.grant);
    return { ok: true, ...(organisation && { organisation }) };
  };
  return {
    async exchange({ code, state }, signal) {
      const obtained = await obtainGrant(code, io(), signal);
      if (!obtained.ok) return refuse(obtained);
      const { organisation } = obtained.grant;
      if (pinned() !== "" || !organisation) return keep(obtained, signal);
      const name = fingerprint(state);
      waiting.set(name, obtained);
      const tooLate = clock.deadline(WAIT_MS);
      tooLate.addEventListener("abort", () => {
        if (waiting.delete(name)) void drop(obtained, clock.deadline(FAREWELL_MS)).catch(() => {});
      });
      return { ok: false, ...UNCONFIRMED, unconfirmed: { organisation, state } };
    },
    decide({ state, connect }, signal) {
      const proven = take(state);
      if (!proven) return undefined;
      return connect ? keep(proven, signal) : drop(proven, signal).then(() => refuse(NOT_THIS_ONE));
    },
    async close() {
      const left = [...waiting.values()];
      waiting.clear();
      const signal = clock.deadline(FAREWELL_MS);
      await Promise.all(left.map((proven) => drop(proven, signal))).catch(() => {});
    },
  };
}
