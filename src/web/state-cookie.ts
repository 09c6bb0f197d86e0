import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { SetupPort } from "./setup-port.ts";

/** As long as the result of a flow is known: the browser that finished it is recognised when it comes again. */
const HOUR_SECONDS = 3_600;
/** One for each tab in which the button was pressed. */
const MOST_STATES = 5;

/** Ties the flow to this browser: who has the address alone cannot end it (RFC 9700 §4.7). The flows of other tabs stay tied. */
export function addStateCookie(c: Context, setup: SetupPort, state: string): void {
  const { prefix, name } = cookieOf(setup);
  const states = [state, ...readStateCookie(c, setup)].slice(0, MOST_STATES);
  const common = { httpOnly: true, sameSite: "Lax", path: "/", maxAge: HOUR_SECONDS } as const;
  setCookie(c, name, states.join("."), prefix === "host" ? { ...common, prefix, secure: true } : common);
}

/** The states that this browser carries for a source, the newest first. */
export function readStateCookie(c: Context, setup: SetupPort): readonly string[] {
  const { prefix, name } = cookieOf(setup);
  const value = prefix === "host" ? getCookie(c, name, "host") : getCookie(c, name);
  return (value ?? "").split(".").filter(Boolean).slice(0, MOST_STATES);
}

/** Each source has its own, so that two can be set up side by side. Browsers take `__Host-` over https only. */
function cookieOf({ source, redirectUrl }: SetupPort): { prefix: "host" | undefined; name: string } {
  const name = `slack-audit-${source.replace(/[^\w-]/g, "_")}`;
  return { prefix: new URL(redirectUrl).protocol === "https:" ? "host" : undefined, name };
}
