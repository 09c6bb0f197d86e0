import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Daemon } from "./daemon.ts";

/** The state of a browser after the button: the address of Slack's consent page, and the cookie of the flow. */
export interface Begun {
  readonly authorizeUrl: URL;
  readonly cookie: string;
}

export const REDIRECT_URL = "http://127.0.0.1:1/oauth/callback";

/** The keys of a source that is authorized in a browser. The host of its redirect URL is fake: tests use the daemon's address. */
export function oauthKeys(slack: { clientId: string; clientSecret: string }): object {
  return { token: "", client_id: slack.clientId, client_secret: slack.clientSecret, redirect_url: REDIRECT_URL };
}

/** The path of the setup link, with the key from the state folder. */
export async function setupPath(daemon: Daemon, source = "acme"): Promise<string> {
  const count = (event: string) => daemon.lines.filter((line) => line.event === event && line.source === source).length;
  await daemon.untilLine(() => count("authorization_needed") > count("authorized"));
  const key = await readFile(path.join(daemon.cwd, "state", `setup-${source}.key`), "utf8");
  return `/setup/${source}?key=${key.trim()}`;
}

/** Opens the setup page and submits its form. */
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

/** Consents on Slack's page, with `changes` to the form. Returns the address that Slack redirects to. */
export async function consent(
  authorizeUrl: URL | string,
  changes: Readonly<Record<string, string>> = {},
): Promise<URL> {
  const { origin, pathname, searchParams } = new URL(authorizeUrl);
  const body = new URLSearchParams({ ...Object.fromEntries(searchParams), decision: "allow", ...changes });
  const answer = await fetch(origin + pathname, { method: "POST", body, redirect: "manual" });
  return new URL(answer.headers.get("location") ?? "");
}

/** Follows Slack's redirect with the cookie, as a browser does. */
export function comeBack(address: string, to: URL, cookie = ""): Promise<Response> {
  return fetch(address + to.pathname + to.search, cookie ? { headers: { cookie } } : {});
}

/** Presses "Connect" if the page asks to confirm the organisation. Returns the last page. */
export async function connect(
  address: string,
  { page, cookie, decision = "connect" }: { page: Response; cookie: string; decision?: string },
): Promise<Response> {
  const text = await page.clone().text();
  const state = /name="state" value="([^"]+)"/.exec(text)?.[1];
  if (page.status !== 200 || state === undefined) return page;
  const body = new URLSearchParams({ state, decision });
  const { pathname } = new URL(page.url);
  return fetch(address + pathname, { method: "POST", body, headers: { cookie } });
}

/** Goes through the whole setup. Returns the last page. */
export async function authorize(
  daemon: Daemon,
  { source = "acme", ...changes }: { readonly source?: string; readonly [field: string]: string } = {},
): Promise<Response> {
  const begun = await begin(daemon.address, await setupPath(daemon, source));
  const page = await comeBack(daemon.address, await consent(begun.authorizeUrl, changes), begun.cookie);
  return connect(daemon.address, { page, cookie: begun.cookie });
}
