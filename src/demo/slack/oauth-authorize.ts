import type { Organisation } from "../../model.ts";
import type { TextAnswer } from "../http/answer.ts";
import { type AuthorizeRequest, consentPage, errorPage } from "./consent-page.ts";
import type { AuthorizationCodes, OAuthApp } from "./oauth-app.ts";
import type { ParsedRequest } from "./request.ts";

/** The state that the authorize page reads and changes. */
export interface AuthorizePage {
  readonly app: OAuthApp;
  readonly codes: AuthorizationCodes;
  readonly organisation: Required<Organisation>;
}

/** Answers `/oauth/v2/authorize`: GET shows the consent page, POST takes the decision and redirects to the app. */
export function answerAuthorize(request: ParsedRequest, { app, codes, organisation }: AuthorizePage): TextAnswer {
  const parameters = request.method === "POST" ? request.form : request.query;
  const authorizeRequest = readAuthorizeRequest(parameters);
  const redirectUrl = authorizeRequest.redirectUri || app.redirectUrls[0];
  const error = validate(authorizeRequest, app, redirectUrl);
  if (error || redirectUrl === undefined) return html(400, errorPage(error ?? "bad_redirect_uri"));
  if (request.method !== "POST") return html(200, consentPage(authorizeRequest, organisation));
  const { state } = authorizeRequest;
  if (parameters.get("decision") !== "allow") return redirect(redirectUrl, { error: "access_denied", state });
  const code = codes.issue({
    installer: parameters.get("installer") === "member" ? "member" : "owner",
    org: parameters.get("install") !== "workspace",
    userScope: authorizeRequest.userScope,
    botScope: authorizeRequest.scope,
    redirectUri: authorizeRequest.redirectUri || undefined,
  });
  return redirect(redirectUrl, { code, state });
}

function readAuthorizeRequest(parameters: URLSearchParams): AuthorizeRequest {
  return {
    clientId: parameters.get("client_id") ?? "",
    userScope: parameters.get("user_scope") ?? "",
    scope: parameters.get("scope") ?? "",
    redirectUri: parameters.get("redirect_uri") ?? "",
    state: parameters.get("state") ?? "",
  };
}

/** The error of an invalid authorize URL. It is shown to the person: the redirect URL cannot be trusted. */
function validate(
  authorizeRequest: AuthorizeRequest,
  app: OAuthApp,
  redirectUrl: string | undefined,
): string | undefined {
  if (authorizeRequest.clientId !== app.clientId) return "invalid_client_id";
  if (!redirectUrl || !app.redirectUrls.some((registered) => isAtOrBelow(redirectUrl, registered)))
    return "bad_redirect_uri";
  // `auditlogs:read` is a user scope. Slack does not know it as a bot scope.
  if (authorizeRequest.scope.split(",").includes("auditlogs:read")) return "invalid_scope";
  return authorizeRequest.userScope || authorizeRequest.scope ? undefined : "invalid_scope";
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
