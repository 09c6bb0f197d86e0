import { html } from "hono/html";
import type { Organisation } from "../model.ts";
import { type Html, layout } from "./layout.ts";
import type { SetupPort } from "./setup-port.ts";

/** What to do, in the order of doing it, and the button that begins. */
export function setupPage({ source, redirectUrl, manifestLink }: SetupPort, key: string): Html {
  const create =
    manifestLink &&
    html`<p>There is none yet? <a href="${manifestLink}" rel="noreferrer">Create it from the manifest</a>: Slack opens its
page with everything filled in. Then put the app's client id and client secret into the configuration, and start the
daemon again.</p>`;
  return layout({
    title: `Set up ${source}`,
    heading: `Connect ${source} to Slack`,
    lead: "An owner of the organisation allows this daemon, once, to read its audit logs",
    main: html`<section class="card">
<ol>
<li>
<h2>The Slack app knows this address</h2>
<p>Under <em>OAuth &amp; Permissions</em>, <em>Redirect URLs</em> has to hold exactly:</p>
<code class="copy">${redirectUrl}</code>
${create}
</li>
<li>
<h2>An owner of the organisation is signed in to Slack</h2>
<p>On Slack's page, choose the <strong>organisation</strong>, not a workspace, in the menu at the upper right.</p>
</li>
<li>
<h2>Authorize</h2>
<p>Slack asks for two permissions: to read the audit logs, and to see the name of the team, without which it offers no
app to a whole organisation. Afterwards this page is gone.</p>
<form method="post" action="/setup/${encodeURIComponent(source)}">
<input type="hidden" name="key" value="${key}" />
<button type="submit">Authorize with Slack</button>
</form>
</li>
</ol>
</section>`,
  });
}

/** Says whose audit logs are read from now on. */
export function succeededPage(source: string, organisation: Organisation | undefined): Html {
  const name = organisation?.name ?? organisation?.id ?? "The organisation";
  const rows = [
    ["Source", source],
    ["Organisation", name],
    ["Id", organisation?.id],
    ["Domain", organisation?.domain],
  ].filter(([, value]) => value !== undefined);
  return layout({
    title: `${source} is connected`,
    heading: `${name} is connected`,
    lead: "The grant is stored and collecting has begun",
    main: html`<section class="card">
<div class="top"><h2>Authorized</h2><span class="word green">connected</span></div>
<table>${rows.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</table>
<p class="aside">You can close this page, or <a href="/">see the status</a></p>
</section>`,
  });
}

/** Says what is wrong and what to do; there is no way back without the key. */
export function failedPage({ why, remedy }: { why: string; remedy: string }): Html {
  return layout({
    title: "Not authorized",
    heading: "That did not work",
    lead: "Nothing was stored",
    main: html`<section class="card">
<div class="top"><h2>Why</h2><span class="word red">not authorized</span></div>
<p>${sentence(why)}</p>
<h2>What to do</h2>
<p>${sentence(remedy)}</p>
<p class="soft aside">The setup link in the daemon's log stays good until it has worked</p>
</section>`,
  });
}

/** For a name that is not this server's. */
export function misdirectedPage({ redirectUrl }: SetupPort): Html {
  return failedPage({
    why: "this server does not go by the name in the address",
    remedy: `use the link from the daemon's log, which begins with ${new URL(redirectUrl).origin}`,
  });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
