import { html } from "hono/html";
import type { Organisation } from "../model.ts";
import { type Html, layout, sentence } from "./layout.ts";
import type { SetupPort } from "./setup-port.ts";

/** The steps of the setup, and the button that begins the flow. */
export function setupPage({ source, redirectUrl, manifestLink }: SetupPort, key: string): Html {
  const create =
    manifestLink &&
    html`<p>No app yet? <a href="${manifestLink}" rel="noreferrer">Create it from the manifest</a>: Slack opens its
page for a new app, filled in. Then put the app's client id and client secret into the configuration, and start the
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
<p>Slack asks for two permissions: to read the audit logs, and to see the name of the team; without the second, Slack
offers no app to a whole organisation. This page closes when the source is connected.</p>
<form method="post" action="?">
<input type="hidden" name="key" value="${key}" />
<button type="submit">Authorize with Slack</button>
</form>
</li>
</ol>
</section>`,
  });
}

/** Asks whether the right organisation granted access. After a yes the source accepts no other organisation. */
export function confirmPage(
  source: string,
  { organisation, state }: { readonly organisation: Organisation; readonly state: string },
): Html {
  const name = organisation.name ?? organisation.id;
  return layout({
    title: `Connect ${name}?`,
    heading: `Is ${name} the right organisation?`,
    lead: "Slack has granted access. Nothing is stored yet",
    main: html`<section class="card">
<div class="top"><h2>Confirm</h2><span class="word amber">not connected yet</span></div>
${table(source, organisation)}
<p>The audit logs of this organisation go to the collector of <strong>${source}</strong>. No other organisation can be
connected to it afterwards.</p>
<form method="post" action="?">
<input type="hidden" name="state" value="${state}" />
<button type="submit" name="decision" value="connect">Connect</button>
<button type="submit" name="decision" value="reject" class="quiet">Not this one</button>
</form>
</section>`,
  });
}

/** Names the connected organisation. `home` is the relative link to the status page. */
export function connectedPage(
  source: string,
  { organisation }: { readonly organisation?: Organisation },
  { home }: { home: string },
): Html {
  const name = organisation?.name ?? organisation?.id ?? "The organisation";
  return layout({
    title: `${source} is connected`,
    heading: `${name} is connected`,
    lead: "The grant is stored and collecting has begun",
    main: html`<section class="card">
<div class="top"><h2>Authorized</h2><span class="word green">connected</span></div>
${table(source, organisation)}
<p class="aside">You can close this page, or <a href="${home}">see the status</a></p>
</section>`,
  });
}

function table(source: string, organisation: Organisation | undefined): Html {
  const rows = [
    ["Source", source],
    ["Organisation", organisation?.name ?? organisation?.id ?? "not named by Slack"],
    ["Id", organisation?.id],
    ["Domain", organisation?.domain],
  ].filter(([, value]) => value !== undefined);
  return html`<table>${rows.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</table>`;
}

/** Says what is wrong and what to do. `storedNothing` means that the flow is over; otherwise it may still go on. */
export function failedPage({
  why,
  remedy,
  storedNothing = false,
}: {
  why: string;
  remedy: string;
  storedNothing?: boolean;
}): Html {
  return layout({
    title: "Not authorized",
    heading: "That did not work",
    lead: storedNothing ? "Nothing was stored" : "This request changed nothing",
    main: html`<section class="card">
<div class="top"><h2>Why</h2><span class="word red">not authorized</span></div>
<p>${sentence(why)}</p>
<h2>What to do</h2>
<p>${sentence(remedy)}</p>
<p class="soft aside">The setup link stays good until a source is connected. <code>slack-audit-receiver setup-link</code>
prints it again</p>
</section>`,
  });
}
