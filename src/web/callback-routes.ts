import { type Context, Hono } from "hono";
import type { Clock } from "../runtime/clock.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import { misdirected } from "./error-responses.ts";
import { callbackPath, linkHome } from "./routing.ts";
import { confirmPage, connectedPage, failedPage } from "./setup-page.ts";
import type { SetupPort, SetupResult } from "./setup-port.ts";
import { isPrefetch, readCallback, readForm, readStateCookie } from "./setup-request.ts";
import type { ServerContext, WebDeps } from "./web-deps.ts";

const ATTEMPTS_PER_MINUTE = 10;
const MALFORMED = { why: "the address is not one that Slack sends", remedy: "open the setup link again" };
const TOO_MANY = { why: "there were too many attempts", remedy: "wait a minute, then open the setup link again" };

/** The paths of the redirect URLs. Sources may share a path: the state selects the source. */
export function callbackRoutes({ clock, setups }: WebDeps, { hosts, signal }: ServerContext): Hono {
  const app = new Hono();
  const attempts = limitAttempts(ATTEMPTS_PER_MINUTE, clock);
  const show = (c: Context, setup: SetupPort, result: SetupResult) => {
    if (result.ok) return c.html(connectedPage(setup.source, result, { home: linkHome(c.req.path) }));
    const { unconfirmed } = result;
    if (!unconfirmed) return c.html(failedPage(result), 400);
    c.header("content-security-policy", contentSecurityPolicy("'self'"));
    return c.html(confirmPage(setup.source, unconfirmed));
  };
  /** The setups at this path that are open, or that this browser has connected. */
  const setupsAt = (c: Context) =>
    setups.filter((setup) => {
      if (callbackPath(setup) !== c.req.path) return false;
      return setup.needed() || setup.connected(readStateCookie(c, setup)) !== undefined;
    });
  const withHost = (c: Context, found: readonly SetupPort[]) =>
    found.filter((setup) => hosts.isSetup(c.req.header("host"), setup));

  app.get("*", async (c, next) => {
    const found = setupsAt(c);
    if (found.length === 0) return next();
    const own = withHost(c, found);
    const [first] = own;
    if (!first) return misdirected(c, found);
    // A prefetch must not use up the code, which is valid once.
    if (c.req.method === "HEAD") return c.body(null, 200);
    if (isPrefetch(c)) return c.text("Not before a person asks\n", 503);
    const query = readCallback(c);
    const setup = own.find(({ began }) => query?.state !== undefined && began(query.state));
    const connected = setup ? undefined : own.find((one) => one.connected(readStateCookie(c, one)));
    const result = connected?.connected(readStateCookie(c, connected));
    if (connected && result) return show(c, connected, result);
    // A request with a valid state is never limited, so that guesses by others cannot lock it out.
    if (!setup && !attempts.take()) return c.html(failedPage(TOO_MANY), 429, { "retry-after": "60" });
    if (!query) return c.html(failedPage(MALFORMED), 400);

    const chosen = setup ?? first;
    return show(c, chosen, await chosen.finish({ ...query, browserStates: readStateCookie(c, chosen) }, signal));
  });

  app.post("*", async (c, next) => {
    const found = setupsAt(c);
    if (found.length === 0) return next();
    const own = withHost(c, found);
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

const MINUTE_MS = 60_000;

/** Allows `perMinute` attempts in any 60 seconds. `take` never waits: false means that the limit is reached. */
function limitAttempts(perMinute: number, clock: Clock): { take(): boolean } {
  const taken: number[] = [];
  return {
    take() {
      const now = clock.monotonic();
      while (taken[0] !== undefined && now - taken[0] >= MINUTE_MS) taken.shift();
      if (taken.length >= perMinute) return false;
      taken.push(now);
      return true;
    },
  };
}
