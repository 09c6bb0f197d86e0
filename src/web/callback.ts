import { type Context, Hono } from "hono";
import type { Ports, Surroundings } from "./app.ts";
import { isOwnHost } from "./setup-host.ts";
import { failedPage, misdirectedPage, succeededPage } from "./setup-page.ts";
import type { SetupPort } from "./setup-port.ts";
import { forgetStateCookie, readStateCookie } from "./state-cookie.ts";
import { createTries } from "./tries.ts";

/** Slack's codes and our states are below a hundred characters. */
const LONGEST_VALUE = 1_024;
const TRIES_PER_MINUTE = 10;
const ONCE = ["code", "state", "error"] as const;
const MALFORMED = { why: "the address is not one that Slack sends", remedy: "open the setup link again" };
const TOO_MANY = { why: "there were too many attempts", remedy: "wait a minute, then open the setup link again" };

/** The redirect URLs' paths. Several sources may share one: the state tells whose flow it is. */
export function callbackRoutes({ clock, setups }: Ports, { hosts, signal }: Surroundings): Hono {
  const app = new Hono();
  const tries = createTries(TRIES_PER_MINUTE, clock);
  app.get("*", async (c, next) => {
    const open = setups.filter((setup) => pathOf(setup) === c.req.path && setup.needed());
    const [first] = open;
    if (!first) return next();
    const own = open.find((setup) => isOwnHost(c.req.header("host"), setup, hosts()));
    if (!own) return c.html(misdirectedPage(first), 421);
    const given = parametersOf(c);
    const setup = open.find(({ began }) => given?.state !== undefined && began(given.state));
    // Who brings a state of ours is not guessing, and is not to be locked out by those who are.
    if (!setup && !tries.take()) return c.html(failedPage(TOO_MANY), 429, { "retry-after": "60" });
    if (!given) return c.html(failedPage(MALFORMED), 400);

    const chosen = setup ?? own;
    const browserState = readStateCookie(c, chosen);
    const result = await chosen.finish({ ...given, browserState }, signal);
    if (!result.ok) return c.html(failedPage(result), 400);
    forgetStateCookie(c, chosen);
    return c.html(succeededPage(chosen.source, result.organisation));
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

function pathOf({ redirectUrl }: SetupPort): string {
  return new URL(redirectUrl).pathname;
}
