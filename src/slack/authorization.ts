import type { Grant, Grants, Organisation } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Report } from "../runtime/events.ts";
import type { Http } from "../runtime/http.ts";
import { aborted } from "../runtime/life.ts";
import { type Random, randomKey } from "../runtime/random.ts";
import type { SlackClient } from "./client.ts";
import { authorizeUrl, type OAuthApp } from "./oauth.ts";
import { callbackTrouble, type Trouble } from "./oauth-errors.ts";
import { createOAuthStates } from "./oauth-states.ts";
import { obtainGrant } from "./obtain-grant.ts";
import { pastedCallback } from "./pasted-callback.ts";
import { digest, matches } from "./secrets.ts";

/** What came back to the redirect URL; `browserState` is the state in the browser's cookie. */
export interface Callback {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly browserState?: string | undefined;
}

/** How a flow ended. */
export type Finished = { readonly ok: true; readonly organisation?: Organisation } | ({ readonly ok: false } & Trouble);

/** Whether a source may read, and the way to get there when it may not. */
export interface Authorization {
  /** True while there is no working grant: the setup is open. */
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
  /** Whether such a flow is under way. */
  began(state: string): boolean;
  /** Ends that flow; rejects only when `signal` aborts. */
  finish(callback: Callback, signal: AbortSignal): Promise<Finished>;
  /** Begins a flow at the terminal: where to send a browser that cannot come back to this machine. */
  beginHere(): string;
  /** Ends that flow with the whole address at which the browser ended. */
  finishPasted(address: string, signal: AbortSignal): Promise<Finished>;
}

/** What an authorization is made of. */
export interface AuthorizationOptions {
  readonly source: string;
  readonly app: OAuthApp;
  readonly grants: Grants;
  readonly client: SlackClient;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const START = "start from the setup link";
const STALE: Trouble = { why: "this authorization is not known, used, or older than ten minutes", remedy: START };
const FOREIGN: Trouble = { why: "this browser did not begin this authorization", remedy: START };
const INCOMPLETE: Trouble = { why: "the address has no code or no state", remedy: START };

/** Reads the stored grant, and opens the setup at once where there is none. Whatever is refused leaves no token behind. */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { source, app, grants, random, report } = options;
  const inBrowsers = createOAuthStates(options);
  const atTerminal = createOAuthStates(options);
  let current = grants.load(source);
  // The first organisation that granted is the only one from then on, unless the configuration says which.
  let pinned = app.enterpriseId || current?.organisation?.id || "";
  if (current?.organisation && current.organisation.id !== pinned) {
    const why = `the stored grant is of ${current.organisation.id}, and enterprise_id is ${pinned}`;
    report({ event: "authorization_refused", source, why });
    current = undefined;
  }
  let key = "";
  let refused = false;
  let arrival = new AbortController();

  const link = () => {
    const url = new URL(`/setup/${encodeURIComponent(source)}`, app.redirectUrl);
    if (key) url.searchParams.set("key", key);
    return url.href;
  };
  const open = () => {
    key = randomKey(random);
    report({ event: "authorization_needed", source, link: link() });
  };
  const accept = (grant: Grant) => {
    current = grant;
    pinned ||= grant.organisation?.id ?? "";
    key = "";
    refused = false;
    inBrowsers.clear();
    atTerminal.clear();
    const { organisation } = grant;
    report({ event: "authorized", source, ...(organisation && { organisation }) });
    const arrived = arrival;
    arrival = new AbortController();
    arrived.abort();
  };
  const refuse = (trouble: Trouble): Finished => {
    report({ event: "authorization_refused", source, why: trouble.why });
    return { ok: false, why: trouble.why, remedy: trouble.remedy };
  };
  const exchange = async (code: string, signal: AbortSignal): Promise<Finished> => {
    const save = (grant: Grant) => grants.save(source, grant);
    const obtained = await obtainGrant(code, { ...options, app: { ...app, enterpriseId: pinned }, save }, signal);
    if (!obtained.ok) return refuse(obtained);
    accept(obtained.grant);
    const { organisation } = obtained.grant;
    return { ok: true, ...(organisation && { organisation }) };
  };
  const addressFor = (state: string) => authorizeUrl({ ...app, redirectUri: app.redirectUrl, state });
  if (!current) open();

  return {
    needed: () => current === undefined || refused,
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
      report({ event: "authorization_refused", source, why });
      open();
    },
    granted: () => arrival.signal,
    link,
    opens: (offered) => key !== "" && matches(offered, digest(key)),
    begin() {
      const state = inBrowsers.issue();
      return { authorizeUrl: addressFor(state), state };
    },
    began: (state) => inBrowsers.knows(state),
    async finish({ code, state, error, browserState }, signal) {
      const own = state !== undefined && browserState !== undefined && matches(browserState, digest(state));
      if (error !== undefined) {
        const trouble = callbackTrouble(error);
        // Slack may leave the state out of a refusal, and so may anybody: then it is shown and nothing else is done.
        return own && inBrowsers.take(state) ? refuse(trouble) : { ok: false, ...trouble };
      }
      if (!code || !state) return { ok: false, ...INCOMPLETE };
      if (!own) return { ok: false, ...FOREIGN };
      // Spent before the exchange: of two callbacks with one state, one is exchanged.
      if (!inBrowsers.take(state)) return { ok: false, ...STALE };
      return exchange(code, signal);
    },
    beginHere: () => addressFor(atTerminal.issue()),
    async finishPasted(address, signal) {
      const pasted = pastedCallback(address, app.redirectUrl);
      if (!pasted.ok) return pasted;
      const { code, state, error } = pasted;
      if (!atTerminal.take(state)) return { ok: false, ...STALE, remedy: "open the address above again" };
      if (error !== undefined) return refuse(callbackTrouble(error));
      return code === undefined ? { ok: false, ...INCOMPLETE } : exchange(code, signal);
    },
  };
}
