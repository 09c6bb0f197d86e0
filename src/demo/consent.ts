import type { Http, HttpAnswer } from "../runtime/http.ts";

/**
 * Does in place of a person what the setup asks for: opens the setup link, presses the button, consents for the whole
 * organisation on Slack's page, lets the browser go back, and confirms the organisation. Rejects where a step does not lead to the next.
 */
export async function consentInstead(link: string, http: Http, signal: AbortSignal): Promise<void> {
  const page = await http.send(link, { method: "GET" }, signal);
  expectStatus(page, 200, "the setup page");
  const { origin, pathname, searchParams } = new URL(link);
  const key = new URLSearchParams({ key: searchParams.get("key") ?? "" }).toString();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const begun = await http.send(
    `${origin}${pathname}`,
    { method: "POST", headers: { ...form, origin }, body: key },
    signal,
  );
  const consent = new URL(locationOf(begun, "the setup button"));

  const choice = new URLSearchParams(consent.search);
  for (const [name, value] of [
    ["install", "organisation"],
    ["installer", "owner"],
    ["decision", "allow"],
  ] as const) {
    choice.set(name, value);
  }
  const allowed = await http.send(
    `${consent.origin}${consent.pathname}`,
    { method: "POST", headers: form, body: choice.toString() },
    signal,
  );
  const cookie = String(begun.headers["set-cookie"] ?? "").split(";")[0] ?? "";
  const callback = locationOf(allowed, "the consent");
  const asked = await http.send(callback, { method: "GET", headers: { cookie } }, signal);
  expectStatus(asked, 200, "the way back");
  const state = /name="state" value="([^"]+)"/.exec(asked.body.toString("utf8"))?.[1] ?? "";
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

function locationOf(answer: HttpAnswer, step: string): string {
  expectStatus(answer, 303, step);
  return String(answer.headers.location);
}

function expectStatus({ status, body }: HttpAnswer, expected: number, step: string): void {
  if (status !== expected)
    throw new Error(`Cannot authorize: ${step} answered ${status} ${body.toString("utf8", 0, 200)}`);
}
