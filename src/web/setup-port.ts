import type { Organisation } from "../model.ts";

/** What came back to the redirect URL; `browserStates` are the states in the browser's cookie, one for each tab. */
export interface SetupCallback {
  readonly code: string | undefined;
  readonly state: string | undefined;
  readonly error: string | undefined;
  readonly browserStates: readonly string[];
}

/** A person's word on the organisation that granted in the flow of `state`. */
export interface SetupDecision extends Pick<SetupCallback, "state" | "browserStates"> {
  readonly connect: boolean;
}

/**
 * How a flow ended. `unconfirmed`: a person has to say whether it is the right organisation. `storedNothing`: the flow is over,
 * and has left nothing behind.
 */
export type SetupResult =
  | { readonly ok: true; readonly organisation?: Organisation }
  | {
      readonly ok: false;
      readonly why: string;
      readonly remedy: string;
      readonly storedNothing?: true;
      readonly unconfirmed?: { readonly organisation: Organisation; readonly state: string };
    };

/** One source's authorization, as the pages use it. */
export interface SetupPort {
  readonly source: string;
  /** Where Slack sends the browser back to; its path becomes a route here. */
  readonly redirectUrl: string;
  /** The setup page's public address, without the key. */
  readonly setupUrl: string;
  /** Where the browser is sent for consent. */
  readonly slackUrl: string;
  /** Opens Slack's page for a new app, filled in. */
  readonly manifestLink?: string;
  /** Without need there is no setup, except for the browser that has connected the source. */
  needed(): boolean;
  opens(key: string): boolean;
  begin(): { readonly authorizeUrl: string; readonly state: string };
  began(state: string): boolean;
  /** What this browser's flow came to, where it has connected the source. */
  connected(browserStates: readonly string[]): SetupResult | undefined;
  finish(callback: SetupCallback, signal: AbortSignal): Promise<SetupResult>;
  decide(decision: SetupDecision, signal: AbortSignal): Promise<SetupResult>;
}
