import { type Context, Hono } from "hono";
import { consentTargets, contentSecurityPolicy } from "./content-security-policy.ts";
import { misdirected } from "./error-responses.ts";
import { linkHome } from "./routing.ts";
import { connectedPage, setupPage } from "./setup-page.ts";
import type { SetupPort } from "./setup-port.ts";
import { addStateCookie, readForm, readStateCookie } from "./setup-request.ts";
import type { ServerContext } from "./web-deps.ts";

/**
 * `/setup/<source>`: shows the steps and begins a flow. Answers 404 without the key, or when no setup is open, except to the
 * browser that has connected the source.
 */
export function setupRoutes(setups: readonly SetupPort[], { hosts }: ServerContext): Hono {
  const app = new Hono();
  const find = (c: Context) => setups.find(({ source }) => source === c.req.param("source"));

  /** The answer when the setup is not open; undefined when it is. */
  const answerClosed = (c: Context, setup: SetupPort) => {
    if (!hosts.isSetup(c.req.header("host"), setup)) return misdirected(c, [setup]);
    if (setup.needed()) return undefined;
    const result = setup.connected(readStateCookie(c, setup));
    return result?.ok ? c.html(connectedPage(setup.source, result, { home: linkHome(c.req.path) })) : c.notFound();
  };

  app.get("/setup/:source", (c) => {
    const setup = find(c);
    if (!setup) return c.notFound();
    const key = c.req.query("key") ?? "";
    const answer = answerClosed(c, setup);
    if (answer) return answer;
    if (!setup.opens(key)) return c.notFound();
    c.header("content-security-policy", contentSecurityPolicy(...consentTargets(setup.slackUrl)));
    return c.html(setupPage(setup, key));
  });

  app.post("/setup/:source", async (c) => {
    const setup = find(c);
    if (!setup) return c.notFound();
    const answer = answerClosed(c, setup);
    if (answer) return answer;
    const form = await readForm(c);
    if (typeof form === "number") return c.text("Cannot read the form\n", form, { connection: "close" });
    // The key is part of the form, so that no other site can submit it (CSRF).
    if (!setup.opens(form.get("key") ?? "")) return c.notFound();
    const { authorizeUrl, state } = setup.begin();
    addStateCookie(c, setup, state);
    return c.redirect(authorizeUrl, 303);
  });
  return app;
}
