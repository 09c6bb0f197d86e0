import { type Context, Hono } from "hono";
import type { ServerContext } from "./app.ts";
import { consentTargets, contentSecurityPolicy } from "./content-security-policy.ts";
import { readForm } from "./form.ts";
import { linkHome } from "./mount.ts";
import { connectedPage, setupPage } from "./setup-page.ts";
import type { SetupPort } from "./setup-port.ts";
import { addStateCookie, readStateCookie } from "./state-cookie.ts";
import { misdirected } from "./turned-away.ts";

/**
 * `/setup/<source>`: explains, and begins a flow on a button. Without need, or without the key, there is nothing here; but the
 * browser that has connected the source is told so.
 */
export function setupRoutes(setups: readonly SetupPort[], { hosts }: ServerContext): Hono {
  const app = new Hono();
  const find = (c: Context) => setups.find(({ source }) => source === c.req.param("source"));

  /** The answer where there is no open setup; undefined where there is one. */
  const closed = (c: Context, setup: SetupPort) => {
    if (!hosts.isSetup(c.req.header("host"), setup)) return misdirected(c, [setup]);
    if (setup.needed()) return undefined;
    const result = setup.connected(readStateCookie(c, setup));
    return result?.ok ? c.html(connectedPage(setup.source, result, { home: linkHome(c.req.path) })) : c.notFound();
  };

  app.get("/setup/:source", (c) => {
    const setup = find(c);
    if (!setup) return c.notFound();
    const key = c.req.query("key") ?? "";
    const answer = closed(c, setup);
    if (answer) return answer;
    if (!setup.opens(key)) return c.notFound();
    c.header("content-security-policy", contentSecurityPolicy(...consentTargets(setup.slackUrl)));
    return c.html(setupPage(setup, key));
  });

  app.post("/setup/:source", async (c) => {
    const setup = find(c);
    if (!setup) return c.notFound();
    const answer = closed(c, setup);
    if (answer) return answer;
    const form = await readForm(c);
    if (typeof form === "number") return c.text("Cannot read the form\n", form, { connection: "close" });
    // The key is in the form, so that no other site can press the button.
    if (!setup.opens(form.get("key") ?? "")) return c.notFound();
    const { authorizeUrl, state } = setup.begin();
    addStateCookie(c, setup, state);
    return c.redirect(authorizeUrl, 303);
  });
  return app;
}
