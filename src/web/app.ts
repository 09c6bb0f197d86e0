import { Hono } from "hono";
import type { Clock } from "../runtime/clock.ts";
import type { Report } from "../runtime/events.ts";
import { callbackRoutes } from "./callback.ts";
import { healthRoutes } from "./health.ts";
import { setupRoutes } from "./setup.ts";
import type { SetupPort } from "./setup-port.ts";
import type { StatusSnapshot } from "./status.ts";
import { statusPage } from "./status-page.ts";

/** What the pages show and do; everything else is theirs. */
export interface Ports {
  readonly clock: Clock;
  readonly report: Report;
  readonly status: () => StatusSnapshot;
  /** The Prometheus text. */
  readonly metrics: () => Promise<string>;
  /** The sources that are authorized through this server. */
  readonly setups: readonly SetupPort[];
}

/** What the routes must know of the server that they are in. */
export interface Surroundings {
  /** Aborts when the server closes. */
  readonly signal: AbortSignal;
  /** The values of `Host` under which this machine is reached without a name. */
  readonly hosts: () => readonly string[];
}

/** All routes. An answer never says more about a fault than that there was one. */
export function createApp(ports: Ports, surroundings: Surroundings): Hono {
  const { status, metrics, report } = ports;
  const app = new Hono();
  app.route("/", healthRoutes(status));
  app.get("/metrics", async (c) => c.body(await metrics(), 200, { "content-type": PROMETHEUS }));
  app.get("/status.json", (c) => c.json(status()));
  app.get("/", (c) => c.html(statusPage(status())));
  app.route("/", setupRoutes(ports.setups, surroundings));
  app.route("/", callbackRoutes(ports, surroundings));
  app.notFound((c) => c.text("Not found\n", 404));
  app.onError((error, c) => {
    if (surroundings.signal.aborted) return c.text("Closing\n", 503);
    report({ event: "failed", why: `Cannot answer ${c.req.method} ${c.req.path}: ${error.message}` });
    return c.text("Internal error\n", 500);
  });
  return app;
}

/** The text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
