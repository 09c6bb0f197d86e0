import type { Organisation } from "../../model.ts";
import type { TextAnswer } from "../http/answer.ts";
import type { Call } from "./call.ts";
import { type Asked, consentPage, errorPage } from "./consent-page.ts";
import type { Codes, OAuthApp } from "./oauth-app.ts";

/** What the authorize page knows. */
export interface AuthorizePage {
  readonly app: OAuthApp;
  readonly codes: Codes;
  readonly organisation: Required<Organisation>;
}

/** `/oauth/v2/authorize`: GET shows what is asked for, POST is the person's answer and leads back to the app. */
export function answerAuthorize(call: Call, { app, codes, organisation }: AuthorizePage): TextAnswer {
  const parameters = call.method === "POST" ? call.form : call.query;
  const asked = readAsked(parameters);
  const back = asked.redirectUri || app.redirectUrls[0];
  const fault = faultOf(asked, app, back);
  if (fault || back === undefined) return html(400, errorPage(fault ?? "bad_redirect_uri"));
  if (call.method !== "POST") return html(200, consentPage(asked, organisation));
  const { state } = asked;
  if (parameters.get("decision") !== "allow") return redirect(back, { error: "access_denied", state });
  const code = codes.issue({
    installer: parameters.get("installer") === "member" ? "member" : "owner",
    org: parameters.get("install") !== "workspace",
    userScope: asked.userScope,
    botScope: asked.scope,
    redirectUri: asked.redirectUri || undefined,
  });
  return redirect(back, { code, state });
}

function readAsked(parameters: URLSearchParams): Asked {
  return {
    clientId: parameters.get("client_id") ?? "",
    userScope: parameters.get("user_scope") ?? "",
    scope: parameters.get("scope") ?? "",
    redirectUri: parameters.get("redirect_uri") ?? "",
    state: parameters.get("state") ?? "",
  };
}

/** Why no consent can be asked for. The person is told; the address they came with is not to be trusted with it. */
function faultOf(asked: Asked, app: OAuthApp, back: string | undefined): string | undefined {
  if (asked.clientId !== app.clientId) return "invalid_client_id";
  if (!back || !app.redirectUrls.some((registered) => isAtOrBelow(back, registered))) return "bad_redirect_uri";
  // It is a user scope: asked for as a bot's, Slack does not know it.
  if (asked.scope.split(",").includes("auditlogs:read")) return "invalid_scope";
  return asked.userScope || asked.scope ? undefined : "invalid_scope";
}

function isAtOrBelow(address: string, registered: string): boolean {
  if (!URL.canParse(address) || new URL(address).hash !== "") return false;
  if (new URL(address).origin !== new URL(registered).origin) return false;
  return address === registered || address.startsWith(registered.endsWith("/") ? registered : `${registered}/`);
}

function redirect(to: string, parameters: Readonly<Record<string, string>>): TextAnswer {
  const location = new URL(to);
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return { status: 303, headers: { location: location.href }, body: "" };
}

function html(status: number, body: string): TextAnswer {
  return { status, headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }, body };
}
