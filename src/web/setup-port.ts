import type { Organisation } from "../model.ts";

/** What came back to the redirect URL; `browserState` is the state in the browser's cookie. */
export interface SetupCallback {
  readonly code: string | undefined;
  readonly state: string | undefined;
  readonly error: string | undefined;
  readonly browserState: string | undefined;
}

/** How a flow ended. */
export type SetupResult =
  | { readonly ok: true; readonly organisation?: Organisation }
  | { readonly ok: false; readonly why: string; readonly remedy: string };

/** One source's authorization, as the pages use it. */
export interface SetupPort {
  readonly source: string;
  /** Where Slack sends the browser back to; its path becomes a route here. */
  readonly redirectUrl: string;
  /** Where the browser is sent for consent. */
  readonly slackUrl: string;
  /** Opens Slack's page for a new app, filled in. */
  readonly manifestLink?: string;
  /** Without need there is no setup: its routes do not exist. */
  needed(): boolean;
  opens(key: string): boolean;
  begin(): { readonly authorizeUrl: string; readonly state: string };
  began(state: string): boolean;
  finish(callback: SetupCallback, signal: AbortSignal): Promise<SetupResult>;
}
