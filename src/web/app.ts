import { type Context, Hono } from "hono";
import type { StatusSnapshot } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { callbackRoutes } from "./callback-routes.ts";
import { misdirected, notFound } from "./error-responses.ts";
import { createRouting } from "./routing.ts";
import { setupRoutes } from "./setup-routes.ts";
import { statusPage } from "./status-page.ts";
import type { ServerContext, WebDeps } from "./web-deps.ts";

/** Builds all routes of a listener. A 500 answer has no details; they go to the log. */
export function createApp(deps: WebDeps, context: ServerContext): Hono {
  const { status, report, clock, setups } = deps;
  const { hosts, serves, signal } = context;
  const metrics = oncePerSecond(deps.metrics, clock);
  const app = new Hono({ getPath: createRouting(setups) });
  app.get("/healthz", (c) => c.text("ok"));
  app.use("*", async (c, next) => (hosts.isKnown(c.req.header("host")) ? next() : misdirected(c, setups)));
  app.get("/readyz", (c) => readiness(c, status()));
  if (serves !== "pages") {
    app.get("/metrics", async (c) => c.body(await metrics(), 200, { "content-type": PROMETHEUS }));
  }
  if (serves !== "health") {
    app.get("/status.json", (c) => c.json(status()));
    app.get("/", (c) => c.html(statusPage(status(), { metrics: serves === "all" })));
    app.route("/", setupRoutes(setups, context));
    app.route("/", callbackRoutes(deps, context));
  }
  app.notFound(notFound);
  app.onError((error, c) => {
    if (signal.aborted) return c.text("Closing\n", 503);
    // The client has disconnected: there is nobody to answer and nothing to report.
    if (c.req.raw.signal.aborted) return c.text("Gone\n", 400);
    report({ event: "failed", why: `Cannot answer ${c.req.method} ${c.req.path}: ${error.message}` });
    return c.text("Internal error\n", 500);
  });
  return app;
}

/** The text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

/** 200 when every source is ready, else 503 with the reasons. */
function readiness(c: Context, { ready, sources }: StatusSnapshot): Response {
  const shown = Object.entries(sources).map(([name, { ready, state, reason }]) => [name, { ready, state, reason }]);
  return c.json({ ready, sources: Object.fromEntries(shown) }, ready ? 200 : 503);
}

const SECOND_MS = 1_000;

/** Calls `work` at most once a second. Calls in between get the last result; a failed result is not kept. */
function oncePerSecond<Value>(work: () => Promise<Value>, clock: Clock): () => Promise<Value> {
  let last: { readonly atMs: number; readonly result: Promise<Value> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (last && now - last.atMs < SECOND_MS) return last.result;
    const current = { atMs: now, result: work() };
    last = current;
    current.result.catch(() => {
      if (last === current) last = undefined;
    });
    return current.result;
  };
}
