import { Hono } from "hono";
import type { Report } from "../events.ts";
import type { StatusSnapshot } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import { callbackRoutes } from "./callback.ts";
import { healthRoutes } from "./health.ts";
import type { Hosts } from "./hosts.ts";
import { createRouting } from "./mount.ts";
import { onceASecond } from "./once-a-second.ts";
import { setupRoutes } from "./setup.ts";
import type { SetupPort } from "./setup-port.ts";
import { statusPage } from "./status-page.ts";
import { misdirected, notFound } from "./turned-away.ts";

/** What the pages show and do; everything else is theirs. */
export interface WebDeps {
  readonly clock: Clock;
  readonly report: Report;
  readonly status: () => StatusSnapshot;
  /** The Prometheus text. */
  readonly metrics: () => Promise<string>;
  /** The sources that are authorized through this server. */
  readonly setups: readonly SetupPort[];
}

/** Which routes a listener has: `health` also has the metrics, `pages` has everything but them. */
export type Serves = "all" | "pages" | "health";

/** What the routes must know of the server that they are in. */
export interface ServerContext {
  /** Aborts when the server closes. */
  readonly signal: AbortSignal;
  readonly hosts: Hosts;
  readonly serves: Serves;
}

/** All routes. An answer never says more about a fault than that there was one. */
export function createApp(ports: WebDeps, surroundings: ServerContext): Hono {
  const { status, report, clock, setups } = ports;
  const { hosts, serves } = surroundings;
  const metrics = onceASecond(ports.metrics, clock);
  const app = new Hono({ getPath: createRouting(setups) });
  app.get("/healthz", (c) => c.text("ok"));
  app.use("*", async (c, next) => (hosts.isKnown(c.req.header("host")) ? next() : misdirected(c, setups)));
  app.route("/", healthRoutes(status));
  if (serves !== "pages") {
    app.get("/metrics", async (c) => c.body(await metrics(), 200, { "content-type": PROMETHEUS }));
  }
  if (serves !== "health") {
    app.get("/status.json", (c) => c.json(status()));
    app.get("/", (c) => c.html(statusPage(status(), { metrics: serves === "all" })));
    app.route("/", setupRoutes(setups, surroundings));
    app.route("/", callbackRoutes(ports, surroundings));
  }
  app.notFound(notFound);
  app.onError((error, c) => {
    if (surroundings.signal.aborted) return c.text("Closing\n", 503);
    // Who has gone away needs no answer, and is no fault of ours.
    if (c.req.raw.signal.aborted) return c.text("Gone\n", 400);
    report({ event: "failed", why: `Cannot answer ${c.req.method} ${c.req.path}: ${error.message}` });
    return c.text("Internal error\n", 500);
  });
  return app;
}

/** The text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
