import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { SetupCallback, SetupPort } from "./setup-port.ts";

const MAX_FORM_BYTES = 4 * 1024;

/** Reads a form. Returns the status to answer with when the body is incomplete, too long, or not a form. */
export async function readForm(c: Context): Promise<URLSearchParams | 400 | 413> {
  const announced = Number(c.req.header("content-length") ?? 0);
  if (announced > MAX_FORM_BYTES) return 413;
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header("content-type") ?? "")) return 400;
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of c.req.raw.body ?? []) {
      length += chunk.length;
      if (length > MAX_FORM_BYTES) return 413;
      chunks.push(chunk);
    }
    return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return 400;
  }
}

/** Slack's codes and our states are shorter than 100 characters. */
const MAX_PARAMETER_LENGTH = 1_024;

/** Reads the query of a redirect URL. Undefined when a parameter is repeated or too long. */
export function readCallback(c: Context): Omit<SetupCallback, "browserStates"> | undefined {
  const names = ["code", "state", "error"] as const;
  const values = names.map((name) => c.req.queries(name) ?? []);
  if (values.some(([value = "", ...more]) => more.length > 0 || value.length > MAX_PARAMETER_LENGTH)) return undefined;
  const [code, state, error] = values.map(([value]) => value);
  return { code, state, error };
}

/** Recognises prefetches and prerenders (wicg.github.io/nav-speculation/prefetch.html) and their older headers. */
export function isPrefetch(c: Context): boolean {
  return ["sec-purpose", "purpose", "x-purpose", "x-moz"].some((name) =>
    /prefetch|prerender|preview/i.test(c.req.header(name) ?? ""),
  );
}

/** As long as the result of a flow is kept, so that the browser that finished it can be recognised. */
const COOKIE_SECONDS = 3_600;
/** One state per tab. */
const MAX_STATES = 5;

/** Binds the flow to this browser, so that the address alone cannot finish it (RFC 9700 §4.7). Flows of other tabs stay bound. */
export function addStateCookie(c: Context, setup: SetupPort, state: string): void {
  const { prefix, name } = cookieOf(setup);
  const states = [state, ...readStateCookie(c, setup)].slice(0, MAX_STATES);
  const common = { httpOnly: true, sameSite: "Lax", path: "/", maxAge: COOKIE_SECONDS } as const;
  setCookie(c, name, states.join("."), prefix === "host" ? { ...common, prefix, secure: true } : common);
}

/** Returns this browser's states for a source, newest first. */
export function readStateCookie(c: Context, setup: SetupPort): readonly string[] {
  const { prefix, name } = cookieOf(setup);
  const value = prefix === "host" ? getCookie(c, name, "host") : getCookie(c, name);
  return (value ?? "").split(".").filter(Boolean).slice(0, MAX_STATES);
}

/** One cookie per source, so that two sources can be set up at the same time. Browsers accept `__Host-` over https only. */
function cookieOf({ source, redirectUrl }: SetupPort): { prefix: "host" | undefined; name: string } {
  const name = `slack-audit-${source.replace(/[^\w-]/g, "_")}`;
  return { prefix: new URL(redirectUrl).protocol === "https:" ? "host" : undefined, name };
}
