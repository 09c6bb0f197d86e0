import type { Context } from "hono";
import { html } from "hono/html";
import type { StatusCode } from "hono/utils/http-status";
import { type Html, layout } from "./layout.ts";
import type { SetupPort } from "./setup-port.ts";

/** The same message as a page for browsers and as text for programs. */
interface Message {
  readonly page: Html;
  readonly text: string;
}

/** Answers 421 for a host name that is not this server's, and says which header a proxy has to pass on. */
export function misdirected(
  c: Context,
  setups: readonly Pick<SetupPort, "redirectUrl">[],
): Response | Promise<Response> {
  // nginx: `$host` has no port, `$http_host` has.
  const variable = setups.some(({ redirectUrl }) => new URL(redirectUrl).port !== "") ? "$http_host" : "$host";
  return answer(c, 421, misdirectedMessage(c.req.header("host") ?? "", variable));
}

/** Answers 404. The answer is the same whether a setup exists at this address or not. */
export function notFound(c: Context): Response | Promise<Response> {
  return answer(c, 404, notFoundMessage());
}

function answer(c: Context, status: StatusCode, { page, text }: Message): Response | Promise<Response> {
  c.status(status);
  const isBrowser = (c.req.header("accept") ?? "").includes("text/html");
  return isBrowser ? c.html(page) : c.text(`${text}\n`);
}

/** Names none of this server's addresses: an attacker's DNS name may lead here. */
function misdirectedMessage(host: string, variable: string): Message {
  const asked = /^[\w.:[\]-]{1,255}$/.test(host) ? `"${host}"` : "a name";
  const nginx = `proxy_set_header Host ${variable};`;
  return {
    page: layout({
      title: "Not this server's name",
      heading: "This server does not have that name",
      lead: "This request changed nothing",
      main: html`<section class="card">
<h2>Why</h2>
<p>The request asks for ${asked}, which is not a name of this server.</p>
<h2>What to do</h2>
<p>If there is a proxy in front, it has to pass on the <code>Host</code> header of the browser. In nginx:</p>
<code class="copy">${nginx}</code>
<p>In Apache: <code>ProxyPreserveHost On</code>. Otherwise open the address that the receiver is configured with.</p>
</section>`,
    }),
    text: `Cannot serve ${asked}: it is not a name of this server; a proxy in front has to pass on the browser's Host header, in nginx: ${nginx}`,
  };
}

function notFoundMessage(): Message {
  return {
    page: layout({
      title: "Not found",
      heading: "There is nothing at this address",
      lead: "This request changed nothing",
      main: html`<section class="card">
<h2>Looking for the setup?</h2>
<p>It is open only while a source waits for its authorization, and only with the whole link. This command prints the link;
run it beside the receiver:</p>
<code class="copy">slack-audit-receiver setup-link</code>
</section>`,
    }),
    text: "Not found",
  };
}
