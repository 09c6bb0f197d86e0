import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { SetupPort } from "./setup-port.ts";

const TEN_MINUTES = 600;

/** Ties the flow to this browser: who has the address alone cannot end it (RFC 9700 §4.7). */
export function setStateCookie(c: Context, setup: SetupPort, state: string): void {
  writeCookie(c, setup, { value: state, maxAge: TEN_MINUTES });
}

/** The state that this browser carries for a source. */
export function readStateCookie(c: Context, setup: SetupPort): string | undefined {
  const { prefix, name } = cookieOf(setup);
  return prefix === "host" ? getCookie(c, name, "host") : getCookie(c, name);
}

/** Takes the state from the browser. */
export function forgetStateCookie(c: Context, setup: SetupPort): void {
  writeCookie(c, setup, { value: "", maxAge: 0 });
}

function writeCookie(c: Context, setup: SetupPort, { value, maxAge }: { value: string; maxAge: number }): void {
  const { prefix, name } = cookieOf(setup);
  const common = { httpOnly: true, sameSite: "Lax", path: "/", maxAge } as const;
  setCookie(c, name, value, prefix === "host" ? { ...common, prefix, secure: true } : common);
}

/** Each source has its own, so that two can be set up side by side. Browsers take `__Host-` over https only. */
function cookieOf({ source, redirectUrl }: SetupPort): { prefix: "host" | undefined; name: string } {
  const name = `slack-audit-${source.replace(/[^\w-]/g, "_")}`;
  return { prefix: new URL(redirectUrl).protocol === "https:" ? "host" : undefined, name };
}
