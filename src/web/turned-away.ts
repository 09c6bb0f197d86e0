import type { Context } from "hono";
import type { StatusCode } from "hono/utils/http-status";
import type { Html } from "./layout.ts";
import type { SetupPort } from "./setup-port.ts";
import { misdirectedPage, notFoundPage } from "./turned-away-page.ts";

/** 421 for a name that is not this server's: a page for a browser, text for everything else. */
export function misdirected(
  c: Context,
  setups: readonly Pick<SetupPort, "redirectUrl">[],
): Response | Promise<Response> {
  // `$host` is the name without its port.
  const variable = setups.some(({ redirectUrl }) => new URL(redirectUrl).port !== "") ? "$http_host" : "$host";
  return answer(c, 421, misdirectedPage(c.req.header("host") ?? "", variable));
}

/** 404 as a page for a browser, and as text for everything else. */
export function notFound(c: Context): Response | Promise<Response> {
  return answer(c, 404, notFoundPage());
}

function answer(
  c: Context,
  status: StatusCode,
  { page, text }: { page: Html; text: string },
): Response | Promise<Response> {
  c.status(status);
  const isBrowser = (c.req.header("accept") ?? "").includes("text/html");
  return isBrowser ? c.html(page) : c.text(`${text}\n`);
}
