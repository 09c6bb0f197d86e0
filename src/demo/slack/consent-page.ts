import type { Organisation } from "../../model.ts";
import { DEMO_WORKSPACE } from "./people.ts";

/** The parameters of the authorize URL. A missing one is empty. */
export interface AuthorizeRequest {
  readonly clientId: string;
  readonly userScope: string;
  readonly scope: string;
  readonly redirectUri: string;
  readonly state: string;
}

/** The HTML page on which a person allows or denies an app its scopes. */
export function consentPage(request: AuthorizeRequest, organisation: Required<Organisation>): string {
  const hidden = {
    client_id: request.clientId,
    user_scope: request.userScope,
    scope: request.scope,
    state: request.state,
  };
  const fields = Object.entries(request.redirectUri ? { ...hidden, redirect_uri: request.redirectUri } : hidden);
  const scopes = `${request.userScope},${request.scope}`.split(",").filter(Boolean);
  return page(
    `Audit log receiver wants to join ${escapeHtml(organisation.name)}`,
    `<p>It asks for:</p>
<ul>${scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join("")}</ul>
<form method="post" action="/oauth/v2/authorize">
${fields.map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`).join("\n")}
<fieldset><legend>Install it on</legend>
<label><input type="radio" name="install" value="organisation" checked> the organisation ${escapeHtml(organisation.name)}</label>
<label><input type="radio" name="install" value="workspace"> one workspace only: ${escapeHtml(DEMO_WORKSPACE.name)}</label>
</fieldset>
<fieldset><legend>You are</legend>
<label><input type="radio" name="installer" value="owner" checked> an owner of the organisation</label>
<label><input type="radio" name="installer" value="member"> a member</label>
</fieldset>
<button name="decision" value="allow" class="yes">Allow</button>
<button name="decision" value="cancel">Cancel</button>
</form>
<p class="small">Audit logs can be read only by an app that an owner installs on the whole organisation.
The other choices show how the receiver handles a wrong installation.</p>`,
  );
}

/** The HTML page for an invalid authorize URL. */
export function errorPage(error: string): string {
  return page("Something went wrong when authorizing this app", `<p>Error: <code>${escapeHtml(error)}</code></p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2a33; background: #eef3f5; }
.banner { padding: .6rem 1rem; text-align: center; background: #ffe9b8; }
main { max-width: 30rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: .75rem; box-shadow: 0 2px 12px #1d2a3322; }
h1 { margin-top: 0; font-size: 1.35rem; line-height: 1.3; }
fieldset { margin: 1rem 0; border: 1px solid #cfdade; border-radius: .5rem; }
label { display: block; padding: .2rem 0; }
button { padding: .6rem 1.6rem; font: inherit; border: 1px solid #9fb2ba; border-radius: .5rem; background: #fff; cursor: pointer; }
.yes { color: #fff; background: #12705a; border-color: #12705a; }
.small { font-size: .85rem; color: #52646d; }
</style>
</head>
<body>
<div class="banner">This is a demonstration organisation on your own machine. It is not Slack.</div>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
