import type { Organisation } from "../model.ts";

/** The query of the redirect URL. `browserStates` are the states in the browser's cookie, one per tab. */
export interface SetupCallback {
  readonly code: string | undefined;
  readonly state: string | undefined;
  readonly error: string | undefined;
  readonly browserStates: readonly string[];
}

/** Whether a person accepts the organisation that granted access in the flow of `state`. */
export interface SetupDecision extends Pick<SetupCallback, "state" | "browserStates"> {
  readonly connect: boolean;
}

/**
 * The result of a flow. `unconfirmed`: a person has to confirm the organisation. `storedNothing`: the flow is over and nothing
 * is stored.
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

/** The authorization of one source, as the pages use it. */
export interface SetupPort {
  readonly source: string;
  /** Slack sends the browser back to it. Its path is a route of this server. */
  readonly redirectUrl: string;
  /** The public URL of the setup page, without the key. */
  readonly setupUrl: string;
  /** The origin of the consent page. */
  readonly slackUrl: string;
  /** The URL of Slack's page for a new app, filled in from the manifest. */
  readonly manifestLink?: string;
  /** Whether the source waits for a grant. Otherwise its setup is closed. */
  needed(): boolean;
  /** Whether `key` is the key of the setup link. */
  opens(key: string): boolean;
  begin(): { readonly authorizeUrl: string; readonly state: string };
  /** Whether a flow with this state is open. */
  began(state: string): boolean;
  /** The result of this browser's flow, if that flow connected the source. */
  connected(browserStates: readonly string[]): SetupResult | undefined;
  finish(callback: SetupCallback, signal: AbortSignal): Promise<SetupResult>;
  decide(decision: SetupDecision, signal: AbortSignal): Promise<SetupResult>;
}
