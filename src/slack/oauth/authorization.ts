import type { Report } from "../../events.ts";
import type { Grant, Grants, SetupKeys } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import type { Random } from "../../runtime/random.ts";
import { aborted } from "../../runtime/shutdown.ts";
import type { SlackClient } from "../api/client.ts";
import { type Confirmation, createConfirmation } from "./confirmation.ts";
import { authorizeUrl, type OAuthApp } from "./oauth.ts";
import { type Callback, createOAuthFlows, type Decision, type FlowResult } from "./oauth-flows.ts";
import { callbackProblem, type OAuthProblem } from "./oauth-problem.ts";
import { createOAuthStates } from "./oauth-states.ts";
import { pastedCallback } from "./pasted-callback.ts";
import { digest, matches } from "./secrets.ts";
import { createSetupKey } from "./setup-key.ts";

/** Whether a source may read, and the way to get there when it may not. */
export interface Authorization {
  /** Opens the setup where it is needed. To be called once a browser can reach it. */
  start(): Promise<void>;
  /** Closes the setup and gives back what nobody has confirmed. */
  close(): Promise<void>;
  /** True while there is no working grant. */
  needed(): boolean;
  /** Waits until there is a grant, which Slack may have refused since; rejects only when `signal` aborts. */
  grant(signal: AbortSignal): Promise<Grant>;
  /** Slack refused the token: the setup opens again. Does nothing when `token` is not the one in use any more. */
  reopen(why: string, token: string): void;
  /** Slack took the token: a setup that its refusal had opened closes. */
  confirm(token: string): void;
  /** Aborts when the next grant arrives. */
  granted(): AbortSignal;
  /** The setup page; the one-time key in it is a secret. */
  link(): string;
  /** Whether the key is the one of the open setup. */
  opens(key: string): boolean;
  /** Begins a flow in a browser, which must bring the state back in a cookie. */
  begin(): { readonly authorizeUrl: string; readonly state: string };
  /** Whether such a flow is under way, or what became of it is still known. */
  began(state: string): boolean;
  /** How the source was connected, for the browser that did it; undefined for every other. */
  connected(browserStates: readonly string[]): FlowResult | undefined;
  /** Ends that flow; rejects only when `signal` aborts. */
  finish(callback: Callback, signal: AbortSignal): Promise<FlowResult>;
  /** Connects the organisation of an unconfirmed flow, or gives its grant back; rejects only when `signal` aborts. */
  decide(decision: Decision, signal: AbortSignal): Promise<FlowResult>;
  /** Begins a flow at the terminal: where to send a browser that cannot come back to this machine. */
  beginHere(): string;
  /** Ends that flow with the whole address at which the browser ended. */
  finishPasted(address: string, signal: AbortSignal): Promise<FlowResult>;
}

/** What an authorization is made of. */
export interface AuthorizationOptions {
  readonly source: string;
  readonly app: OAuthApp;
  readonly grants: Grants;
  /** Where `setup-link` finds the key; nowhere without. */
  readonly setupKeys?: SetupKeys;
  /** Shows the setup link to a person at this terminal. */
  readonly showLink?: ((source: string, link: string) => void) | undefined;
  readonly client: SlackClient;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const START = "start from the setup link";
const STALE: OAuthProblem = { why: "this authorization is not known, used, or older than ten minutes", remedy: START };
const FOREIGN: OAuthProblem = { why: "this browser did not begin this authorization", remedy: START };
const INCOMPLETE: OAuthProblem = { why: "the address has no code or no state", remedy: START };

/** Reads the stored grant. Whatever is refused leaves no token behind. */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { source, app, grants, report, showLink } = options;
  const flows = createOAuthFlows(options);
  const atTerminal = createOAuthStates(options);
  const setupKey = createSetupKey({ ...options, setupUrl: app.setupUrl });
  let current = grants.load(source);
  // The first organisation that granted is the only one from then on, unless the configuration says which.
  let pinned = app.enterpriseId || current?.organisation?.id || "";
  if (current?.organisation && current.organisation.id !== pinned) {
    const why = `the stored grant is of ${current.organisation.id}, and enterprise_id is ${pinned}`;
    report({ event: "authorization_refused", source, why });
    current = undefined;
  }
  let refused = false;
  let arrival = new AbortController();

  const needed = () => current === undefined || refused;
  const open = async () => {
    await setupKey.open();
    if (!needed()) return;
    report({ event: "authorization_needed", source, command: `slack-audit-receiver setup-link --source ${source}` });
    showLink?.(source, setupKey.link());
  };
  const accept = (grant: Grant) => {
    current = grant;
    pinned ||= grant.organisation?.id ?? "";
    refused = false;
    void setupKey.close();
    flows.clear();
    atTerminal.clear();
    const { organisation } = grant;
    report({ event: "authorized", source, ...(organisation && { organisation }) });
    const arrived = arrival;
    arrival = new AbortController();
    arrived.abort();
  };
  const refuse = ({ why, remedy }: OAuthProblem): FlowResult => {
    report({ event: "authorization_refused", source, why });
    return { ok: false, why, remedy, storedNothing: true };
  };
  const confirmation: Confirmation = createConfirmation({
    ...options,
    pinned: () => pinned,
    connected: () => (needed() ? undefined : current),
    accept,
    refuse,
  });
  const addressFor = (state: string) => authorizeUrl({ ...app, redirectUri: app.redirectUrl, state });
  const isOwn = ({ state, browserStates = [] }: Pick<Callback, "state" | "browserStates">) =>
    state !== undefined && browserStates.some((carried) => matches(carried, digest(state)));

  return {
    async start() {
      if (needed()) await open();
      else await setupKey.close();
    },
    async close() {
      await Promise.all([setupKey.close(), confirmation.close()]);
    },
    needed,
    async grant(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (current) return current;
        await aborted(AbortSignal.any([signal, arrival.signal]));
      }
    },
    confirm(token) {
      if (current?.token === token && refused) accept(current);
    },
    reopen(why, token) {
      if (!current || refused || token !== current.token) return;
      refused = true;
      flows.forget();
      report({ event: "authorization_refused", source, why });
      void open();
    },
    granted: () => arrival.signal,
    link: setupKey.link,
    opens: setupKey.opens,
    begin() {
      const state = flows.begin();
      return { authorizeUrl: addressFor(state), state };
    },
    began: flows.knows,
    connected: (browserStates) => (needed() ? undefined : flows.succeeded(browserStates)),
    async finish(callback, signal) {
      const { code, state, error } = callback;
      // Slack may leave the state out of a refusal, and so may anybody: then it is shown and nothing else is done.
      if (!isOwn(callback))
        return { ok: false, ...(error !== undefined ? callbackProblem(error) : code && state ? FOREIGN : INCOMPLETE) };
      if (!state || (error === undefined && !code)) return { ok: false, ...INCOMPLETE };
      const end = async () =>
        error === undefined
          ? confirmation.exchange({ code: code ?? "", state }, signal)
          : refuse(callbackProblem(error));
      return (await flows.finish(state, end)) ?? { ok: false, ...STALE };
    },
    async decide(decision, signal) {
      const { state, connect } = decision;
      if (!state || !isOwn(decision)) return { ok: false, ...FOREIGN };
      const decided = confirmation.decide({ state, connect }, signal);
      if (decided) return flows.settle(state, decided);
      return (await flows.finish(state, async () => ({ ok: false, ...STALE }))) ?? { ok: false, ...STALE };
    },
    beginHere: () => addressFor(atTerminal.issue()),
    async finishPasted(address, signal) {
      const pasted = pastedCallback(address, app.redirectUrl);
      if (!pasted.ok) return pasted;
      const { code, state, error } = pasted;
      if (!atTerminal.take(state)) return { ok: false, ...STALE, remedy: "open the address above again" };
      if (error !== undefined) return refuse(callbackProblem(error));
      return code === undefined ? { ok: false, ...INCOMPLETE } : confirmation.exchange({ code, state }, signal);
    },
  };
}
