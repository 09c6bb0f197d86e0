import type { Report } from "../../events.ts";
import type { Grant, Grants, SetupKeys } from "../../model.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Http } from "../../runtime/http.ts";
import type { Random } from "../../runtime/random.ts";
import { aborted } from "../../runtime/shutdown.ts";
import type { SlackClient } from "../api/client.ts";
import type { Authorization } from "./authorization.ts";
import { type Confirmation, createConfirmation } from "./confirmation.ts";
import { authorizeUrl, type OAuthApp } from "./oauth.ts";
import { type Callback, createOAuthFlows, type FlowResult } from "./oauth-flows.ts";
import { callbackProblem, type OAuthProblem } from "./oauth-problem.ts";
import { createOAuthStates } from "./oauth-states.ts";
import { parsePastedCallback } from "./pasted-callback.ts";
import { digest, matches } from "./secrets.ts";
import { createSetupKey } from "./setup-key.ts";

/** The options of `createAuthorization`. */
export interface AuthorizationOptions {
  readonly source: string;
  readonly app: OAuthApp;
  readonly grants: Grants;
  /** Stores the key for `setup-link`. By default it is not stored. */
  readonly setupKeys?: SetupKeys;
  /** Prints the setup link at the terminal. */
  readonly showLink?: ((source: string, link: string) => void) | undefined;
  readonly client: SlackClient;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const START = "start from the setup link";
const EXPIRED: OAuthProblem = { why: "this authorization is unknown, used, or older than ten minutes", remedy: START };
const OTHER_BROWSER: OAuthProblem = { why: "this browser did not begin this authorization", remedy: START };
const INCOMPLETE: OAuthProblem = { why: "the address has no code or no state", remedy: START };

/** Creates the authorization of a source, with its stored grant. Grants that are refused are revoked. */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { source, app, grants, setupKeys, showLink, client, http, clock, random, report } = options;
  const flows = createOAuthFlows({ clock, random });
  const terminalStates = createOAuthStates({ clock, random });
  const setupKey = createSetupKey({
    source,
    setupUrl: app.setupUrl,
    ...(setupKeys && { setupKeys }),
    clock,
    random,
    report,
  });
  let current = grants.load(source);
  // Without enterprise_id, the first organisation that grants is the only one accepted from then on.
  let pinned = app.enterpriseId || current?.organisation?.id || "";
  if (current?.organisation && current.organisation.id !== pinned) {
    const why = `the stored grant belongs to ${current.organisation.id}, but enterprise_id is ${pinned}`;
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
    terminalStates.clear();
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
    source,
    app,
    grants,
    client,
    http,
    clock,
    pinned: () => pinned,
    connected: () => (needed() ? undefined : current),
    accept,
    refuse,
  });
  const authorizeUrlFor = (state: string) => authorizeUrl({ ...app, redirectUri: app.redirectUrl, state });
  const isOwnBrowser = ({ state, browserStates = [] }: Pick<Callback, "state" | "browserStates">) =>
    state !== undefined && browserStates.some((browserState) => matches(browserState, digest(state)));

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
      flows.clearAll();
      report({ event: "authorization_refused", source, why });
      void open();
    },
    granted: () => arrival.signal,
    link: setupKey.link,
    opens: setupKey.opens,
    begin() {
      const state = flows.begin();
      return { authorizeUrl: authorizeUrlFor(state), state };
    },
    began: flows.knows,
    connected: (browserStates) => (needed() ? undefined : flows.findSuccess(browserStates)),
    async finish(callback, signal) {
      const { code, state, error } = callback;
      // Anybody can request this URL. Without a state of this browser the problem is only shown.
      if (!isOwnBrowser(callback))
        return {
          ok: false,
          ...(error !== undefined ? callbackProblem(error) : code && state ? OTHER_BROWSER : INCOMPLETE),
        };
      if (!state || (error === undefined && !code)) return { ok: false, ...INCOMPLETE };
      const end = async () =>
        error === undefined
          ? confirmation.exchange({ code: code ?? "", state }, signal)
          : refuse(callbackProblem(error));
      return (await flows.finish(state, end)) ?? { ok: false, ...EXPIRED };
    },
    async decide(decision, signal) {
      const { state, connect } = decision;
      if (!state || !isOwnBrowser(decision)) return { ok: false, ...OTHER_BROWSER };
      const decided = confirmation.decide({ state, connect }, signal);
      if (decided) return flows.setResult(state, decided);
      return (await flows.finish(state, async () => ({ ok: false, ...EXPIRED }))) ?? { ok: false, ...EXPIRED };
    },
    beginHere: () => authorizeUrlFor(terminalStates.issue()),
    async finishPasted(address, signal) {
      const pasted = parsePastedCallback(address, app.redirectUrl);
      if (!pasted.ok) return pasted;
      const { code, state, error } = pasted;
      if (!terminalStates.take(state)) return { ok: false, ...EXPIRED, remedy: "open the address above again" };
      if (error !== undefined) return refuse(callbackProblem(error));
      return code === undefined ? { ok: false, ...INCOMPLETE } : confirmation.exchange({ code, state }, signal);
    },
  };
}
