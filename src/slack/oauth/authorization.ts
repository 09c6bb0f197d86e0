import type { Grant } from "../../model.ts";
import type { Callback, Decision, FlowResult } from "./oauth-flows.ts";

/** The grant of one source, and the setup that obtains it. */
export interface Authorization {
  /** Opens the setup if there is no grant. Call it once the setup page is served. */
  start(): Promise<void>;
  /** Closes the setup, and revokes grants that nobody has confirmed. */
  close(): Promise<void>;
  /** Reports whether the setup is open: there is no grant, or Slack refused it. */
  needed(): boolean;
  /** Waits until there is a grant. Slack may have refused it since. Rejects only when `signal` aborts. */
  grant(signal: AbortSignal): Promise<Grant>;
  /** Opens the setup again because Slack refused `token`. Does nothing if a newer token is in use. */
  reopen(why: string, token: string): void;
  /** Closes the setup again because Slack accepted `token`. Does nothing if a newer token is in use. */
  confirm(token: string): void;
  /** Aborts when the next grant arrives. */
  granted(): AbortSignal;
  /** The URL of the setup page. It contains the key while the setup is open, and is then a secret. */
  link(): string;
  /** Reports whether `key` is the key of the open setup. */
  opens(key: string): boolean;
  /** Begins a flow in a browser. The browser must return the state in a cookie. */
  begin(): { readonly authorizeUrl: string; readonly state: string };
  /** Reports whether such a flow is under way, or its result is still known. */
  began(state: string): boolean;
  /** The result of the flow that connected the source, if it was begun in this browser. */
  connected(browserStates: readonly string[]): FlowResult | undefined;
  /** Finishes a browser's flow. Rejects only when `signal` aborts. */
  finish(callback: Callback, signal: AbortSignal): Promise<FlowResult>;
  /** Stores the grant of an unconfirmed flow, or revokes it. Rejects only when `signal` aborts. */
  decide(decision: Decision, signal: AbortSignal): Promise<FlowResult>;
  /** Begins a flow at the terminal, and returns the URL to open. The browser cannot reach this machine afterwards. */
  beginHere(): string;
  /** Finishes a terminal's flow with the URL at which the browser ended. Rejects only when `signal` aborts. */
  finishPasted(address: string, signal: AbortSignal): Promise<FlowResult>;
}
