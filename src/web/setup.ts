import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Surroundings } from "./app.ts";
import { consentTargets, contentSecurityPolicy } from "./content-security-policy.ts";
import { isOwnHost } from "./setup-host.ts";
import { misdirectedPage, setupPage } from "./setup-page.ts";
import type { SetupPort } from "./setup-port.ts";
import { setStateCookie } from "./state-cookie.ts";

const LARGEST_FORM_BYTES = 4 * 1024;

/** `/setup/<source>`: explains, and begins a flow on a button. Without need, or without the key, there is nothing here. */
export function setupRoutes(setups: readonly SetupPort[], { hosts }: Surroundings): Hono {
  const app = new Hono();
  const find = (c: Context) => setups.find(({ source }) => source === c.req.param("source"));

  app.get("/setup/:source", (c) => {
    const setup = find(c);
    const key = c.req.query("key") ?? "";
    if (!setup?.needed()) return c.notFound();
    if (!isOwnHost(c.req.header("host"), setup, hosts())) return c.html(misdirectedPage(setup), 421);
    if (!setup.opens(key)) return c.notFound();
    c.header("content-security-policy", contentSecurityPolicy(...consentTargets(setup.slackUrl)));
    return c.html(setupPage(setup, key));
  });

  const limit = bodyLimit({ maxSize: LARGEST_FORM_BYTES, onError: (c) => c.text("Too long\n", 413) });
  app.post("/setup/:source", limit, async (c) => {
    const setup = find(c);
    if (!setup?.needed()) return c.notFound();
    if (!isOwnHost(c.req.header("host"), setup, hosts())) return c.html(misdirectedPage(setup), 421);
    // The key is in the form, so that no other site can press the button.
    const { key } = await c.req.parseBody().catch(() => ({ key: undefined }));
    if (typeof key !== "string" || !setup.opens(key)) return c.notFound();
    const { authorizeUrl, state } = setup.begin();
    setStateCookie(c, setup, state);
    return c.redirect(authorizeUrl, 303);
  });
  return app;
}
