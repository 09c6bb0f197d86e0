import { type Context, Hono } from "hono";
import { createRateLimiter } from "../runtime/rate-limiter.ts";
import type { ServerContext, WebDeps } from "./app.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { readForm } from "./form.ts";
import { callbackPath, linkHome } from "./mount.ts";
import { confirmPage, connectedPage, failedPage } from "./setup-page.ts";
import type { SetupPort, SetupResult } from "./setup-port.ts";
import { readStateCookie } from "./state-cookie.ts";
import { misdirected } from "./turned-away.ts";

/** Slack's codes and our states are below a hundred characters. */
const LONGEST_VALUE = 1_024;
const TRIES_PER_MINUTE = 10;
const ONCE = ["code", "state", "error"] as const;
const MALFORMED = { why: "the address is not one that Slack sends", remedy: "open the setup link again" };
const TOO_MANY = { why: "there were too many attempts", remedy: "wait a minute, then open the setup link again" };

/** The redirect URLs' paths. Several sources may share one: the state tells whose flow it is. */
export function callbackRoutes({ clock, setups }: WebDeps, { hosts, signal }: ServerContext): Hono {
  const app = new Hono();
  const rateLimiter = createRateLimiter(TRIES_PER_MINUTE, clock);
  const show = (c: Context, setup: SetupPort, result: SetupResult) => {
    if (result.ok) return c.html(connectedPage(setup.source, result, { home: linkHome(c.req.path) }));
    const { unconfirmed } = result;
    if (!unconfirmed) return c.html(failedPage(result), 400);
    c.header("content-security-policy", contentSecurityPolicy("'self'"));
    return c.html(confirmPage(setup.source, unconfirmed));
  };
  /** The setups at this path that this browser has to do with. */
  const here = (c: Context) =>
    setups.filter((setup) => {
      if (callbackPath(setup) !== c.req.path) return false;
      return setup.needed() || setup.connected(readStateCookie(c, setup)) !== undefined;
    });
  const ownOf = (c: Context, found: readonly SetupPort[]) =>
    found.filter((setup) => hosts.isSetup(c.req.header("host"), setup));

  app.get("*", async (c, next) => {
    const found = here(c);
    if (found.length === 0) return next();
    const own = ownOf(c, found);
    const [first] = own;
    if (!first) return misdirected(c, found);
    // A browser that looks ahead is no person, and must not spend the code.
    if (c.req.method === "HEAD") return c.body(null, 200);
    if (isPrefetch(c)) return c.text("Not before a person asks\n", 503);
    const given = parametersOf(c);
    const setup = own.find(({ began }) => given?.state !== undefined && began(given.state));
    const connected = setup ? undefined : own.find((one) => one.connected(readStateCookie(c, one)));
    const already = connected?.connected(readStateCookie(c, connected));
    if (connected && already) return show(c, connected, already);
    // Who brings a state of ours is not guessing, and is not to be locked out by those who are.
    if (!setup && !rateLimiter.tryTake()) return c.html(failedPage(TOO_MANY), 429, { "retry-after": "60" });
    if (!given) return c.html(failedPage(MALFORMED), 400);

    const chosen = setup ?? first;
    return show(c, chosen, await chosen.finish({ ...given, browserStates: readStateCookie(c, chosen) }, signal));
  });

  app.post("*", async (c, next) => {
    const found = here(c);
    if (found.length === 0) return next();
    const own = ownOf(c, found);
    if (own.length === 0) return misdirected(c, found);
    const form = await readForm(c);
    if (typeof form === "number") return c.text("Cannot read the form\n", form, { connection: "close" });
    const state = form.get("state") ?? "";
    const setup = own.find(({ began }) => began(state));
    if (!setup) return c.html(failedPage(MALFORMED), 400);
    const browserStates = readStateCookie(c, setup);
    const connect = form.get("decision") === "connect";
    return show(c, setup, await setup.decide({ state, connect, browserStates }, signal));
  });
  return app;
}

type Parameters = Record<(typeof ONCE)[number], string | undefined>;

/** Undefined where a parameter is repeated or longer than anything that Slack sends. */
function parametersOf(c: Context): Parameters | undefined {
  const parameters: Parameters = { code: undefined, state: undefined, error: undefined };
  for (const name of ONCE) {
    const [value, ...more] = c.req.queries(name) ?? [];
    if (more.length > 0 || (value !== undefined && value.length > LONGEST_VALUE)) return undefined;
    parameters[name] = value;
  }
  return parameters;
}

/** Prefetches and prerenders (wicg.github.io/nav-speculation/prefetch.html, and the older names of the same). */
function isPrefetch(c: Context): boolean {
  return ["sec-purpose", "purpose", "x-purpose", "x-moz"].some((name) =>
    /prefetch|prerender|preview/i.test(c.req.header(name) ?? ""),
  );
}
