import type { Http, HttpResponse } from "../../runtime/http.ts";

/**
 * Authorizes the receiver as an owner would in a browser: opens the setup link, submits the form, allows the app on
 * Slack's page for the whole organisation, follows the redirect back, and confirms the organisation. Rejects if any step fails.
 */
export async function authorizeAsOwner(link: string, http: Http, signal: AbortSignal): Promise<void> {
  const page = await http.send(link, { method: "GET" }, signal);
  expectStatus(page, 200, "the setup page");
  const { origin, pathname, searchParams } = new URL(link);
  const key = new URLSearchParams({ key: searchParams.get("key") ?? "" }).toString();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const started = await http.send(
    `${origin}${pathname}`,
    { method: "POST", headers: { ...form, origin }, body: key },
    signal,
  );
  const consent = new URL(locationOf(started, "the setup form"));

  const decision = new URLSearchParams(consent.search);
  for (const [name, value] of [
    ["install", "organisation"],
    ["installer", "owner"],
    ["decision", "allow"],
  ] as const) {
    decision.set(name, value);
  }
  const allowed = await http.send(
    `${consent.origin}${consent.pathname}`,
    { method: "POST", headers: form, body: decision.toString() },
    signal,
  );
  const cookie = String(started.headers["set-cookie"] ?? "").split(";")[0] ?? "";
  const callback = locationOf(allowed, "the consent page");
  const question = await http.send(callback, { method: "GET", headers: { cookie } }, signal);
  expectStatus(question, 200, "the redirect URL");
  const state = /name="state" value="([^"]+)"/.exec(question.body.toString("utf8"))?.[1] ?? "";
  const confirmed = await http.send(
    callback.replace(/\?.*$/, ""),
    {
      method: "POST",
      headers: { ...form, cookie },
      body: new URLSearchParams({ state, decision: "connect" }).toString(),
    },
    signal,
  );
  expectStatus(confirmed, 200, "the confirmation");
}

function locationOf(answer: HttpResponse, step: string): string {
  expectStatus(answer, 303, step);
  return String(answer.headers.location);
}

function expectStatus({ status, body }: HttpResponse, expected: number, step: string): void {
  if (status !== expected)
    throw new Error(`Cannot authorize: ${step} answered ${status} ${body.toString("utf8", 0, 200)}`);
}
