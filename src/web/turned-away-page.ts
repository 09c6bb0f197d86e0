import { html } from "hono/html";
import { type Html, layout } from "./layout.ts";

/** The same for a browser and for a program. */
interface Both {
  readonly page: Html;
  readonly text: string;
}

/** Says what a proxy must pass on. It names no address of ours: whoever pointed a name here must not learn one. */
export function misdirectedPage(host: string, variable: string): Both {
  const asked = /^[\w.:[\]-]{1,255}$/.test(host) ? `"${host}"` : "a name";
  const nginx = `proxy_set_header Host ${variable};`;
  return {
    page: layout({
      title: "Not this server's name",
      heading: "This server does not go by that name",
      lead: "This request changed nothing",
      main: html`<section class="card">
<h2>Why</h2>
<p>The request asks for ${asked}, and that is none of this server's names.</p>
<h2>What to do</h2>
<p>If there is a proxy in front, it has to pass on the <code>Host</code> header of the browser. In nginx:</p>
<code class="copy">${nginx}</code>
<p>In Apache: <code>ProxyPreserveHost On</code>. Otherwise open the address that the receiver is configured with.</p>
</section>`,
    }),
    text: `Cannot serve ${asked}: that is none of this server's names; a proxy in front has to pass on the browser's Host header, in nginx: ${nginx}`,
  };
}

/** The same whether something could be here or not. */
export function notFoundPage(): Both {
  return {
    page: layout({
      title: "Not found",
      heading: "There is nothing at this address",
      lead: "This request changed nothing",
      main: html`<section class="card">
<h2>Looking for the setup?</h2>
<p>It is open only while a source waits for its authorization, and only with the whole link that this command prints beside
the receiver:</p>
<code class="copy">slack-audit-receiver setup-link</code>
</section>`,
    }),
    text: "Not found",
  };
}
