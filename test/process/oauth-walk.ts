import assert from "node:assert/strict";
import type { Daemon } from "./daemon.ts";

/** What a browser holds after it has pressed the button: where Slack asks, and the cookie that ties the flow to it. */
export interface Begun {
  readonly authorizeUrl: URL;
  readonly cookie: string;
}

export const REDIRECT_URL = "http://127.0.0.1:1/oauth/callback";

/** The keys of a source that is authorized in a browser; the link's host is not ours, so the daemon's address replaces it. */
export function oauthKeys(slack: { clientId: string; clientSecret: string }): object {
  return { token: "", client_id: slack.clientId, client_secret: slack.clientSecret, redirect_url: REDIRECT_URL };
}

/** The path of the setup link that the daemon's log prints, key included. */
export async function setupPath(daemon: Daemon, source = "acme"): Promise<string> {
  const lines = daemon.lines.filter((line) => line.event === "authorization_needed" && line.source === source);
  const line = lines.at(-1) ?? (await daemon.until("authorization_needed", (found) => found.source === source));
  const { pathname, search } = new URL(String(line.link));
  return pathname + search;
}

/** Opens the setup page and presses its button. */
export async function begin(address: string, setup: string): Promise<Begun> {
  const page = await fetch(address + setup);
  assert.equal(page.status, 200);
  const text = await page.text();
  assert.ok(text.includes(REDIRECT_URL), "the page shows the redirect URL to copy");
  const key = /name="key" value="([^"]+)"/.exec(text)?.[1] ?? "";
  const { pathname } = new URL(setup, address);
  const form = { method: "POST", body: new URLSearchParams({ key }), redirect: "manual" } as const;
  const answer = await fetch(address + pathname, form);
  assert.equal(answer.status, 303);
  const cookie = answer.headers.get("set-cookie") ?? "";
  assert.match(cookie, /HttpOnly/);
  return { authorizeUrl: new URL(answer.headers.get("location") ?? ""), cookie: cookie.split(";")[0] ?? "" };
}

/** Answers Slack's consent page; returns where Slack sends the browser. `changes` goes over what the page would send. */
export async function consent(
  authorizeUrl: URL | string,
  changes: Readonly<Record<string, string>> = {},
): Promise<URL> {
  const { origin, pathname, searchParams } = new URL(authorizeUrl);
  const body = new URLSearchParams({ ...Object.fromEntries(searchParams), decision: "allow", ...changes });
  const answer = await fetch(origin + pathname, { method: "POST", body, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

/** Follows Slack's redirect, with the cookie as a browser would. */
export function comeBack(address: string, to: URL, cookie = ""): Promise<Response> {
  return fetch(address + to.pathname + to.search, cookie ? { headers: { cookie } } : {});
}

/** The whole way of a person; returns the page at its end. */
export async function authorize(
  daemon: Daemon,
  { source = "acme", ...changes }: { readonly source?: string; readonly [field: string]: string } = {},
): Promise<Response> {
  const begun = await begin(daemon.address, await setupPath(daemon, source));
  return comeBack(daemon.address, await consent(begun.authorizeUrl, changes), begun.cookie);
}
