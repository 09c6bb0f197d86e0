import { request } from "node:http";
import { setupUrlOf } from "../../src/config/url.ts";
import type { Event } from "../../src/events.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import type { SourceStart } from "../../src/telemetry/source-state.ts";
import { createStatus } from "../../src/telemetry/status.ts";
import { startServer, type WebServer } from "../../src/web/server.ts";
import type { SetupCallback, SetupPort, SetupResult } from "../../src/web/setup-port.ts";
import { movableClock } from "../slack/oauth/oauth-setting.ts";

export const KEY = "the-one-time-key";

/** A running server with the real status and metrics, and with fake setups. */
export interface WebSetting extends WebServer {
  readonly clock: ReturnType<typeof movableClock>;
  readonly events: Event[];
  readonly report: (event: Event) => void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startWeb(
  options: {
    sources?: readonly SourceStart[];
    setups?: readonly SetupPort[];
    tls?: { cert: string; key: string };
  } = {},
): Promise<WebSetting> {
  const { sources = [{ name: "acme", authorized: true }], setups = [], tls = {} } = options;
  const clock = movableClock();
  const events: Event[] = [];
  const status = createStatus({ clock, version: "1.2.3", sources });
  const metrics = createMetrics({ clock, version: "1.2.3", sources });
  const report = (event: Event) => {
    events.push(event);
    status.report(event);
    metrics.report(event);
  };
  const server = await startServer(
    {
      clock,
      report,
      status: status.snapshot,
      metrics: metrics.text,
      setups,
    },
    { host: "127.0.0.1", port: 0, tls },
  );
  return { ...server, clock, events, report, [Symbol.asyncDispose]: server.close };
}

/** An open setup that records the callbacks it gets. */
export function fakeSetup(changed: Partial<SetupPort> & { result?: SetupResult } = {}): SetupPort & {
  readonly finished: SetupCallback[];
} {
  const finished: SetupCallback[] = [];
  let begun = 0;
  const { redirectUrl = "http://127.0.0.1:1/oauth/callback", source = "acme" } = changed;
  return {
    source,
    redirectUrl,
    setupUrl: setupUrlOf(redirectUrl, source),
    slackUrl: "https://slack.com",
    needed: () => true,
    opens: (key) => key === KEY,
    begin: () => {
      const state = `state-${++begun}`;
      return { authorizeUrl: `https://slack.com/oauth/v2/authorize?state=${state}`, state };
    },
    began: (state) => state.startsWith("state-"),
    connected: () => undefined,
    decide: async () => changed.result ?? { ok: true },
    finish: async (callback) => {
      finished.push(callback);
      return changed.result ?? { ok: true };
    },
    finished,
    ...changed,
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request with any method, path and headers, also ones that no browser sends. */
export function raw(
  address: string,
  { method = "GET", path = "/", headers = {} }: { method?: string; path?: string; headers?: Record<string, string> },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on("error", reject).end();
  });
}

/** A `window_delivered` event with the given members changed. */
export function delivered(changed: Partial<Extract<Event, { event: "window_delivered" }>> = {}): Event {
  const at = Date.UTC(2026, 0, 2, 3, 0, 0) / 1_000;
  return {
    event: "window_delivered",
    source: "acme",
    from: at - 60,
    to: at,
    pages: 1,
    read: 10,
    delivered: 7,
    seen: 2,
    filtered: 1,
    mapping_errors: 1,
    late: 1,
    outside: 0,
    collided: 0,
    lag_seconds: 0,
    catching_up: false,
    duration_ms: 1_500,
    ...changed,
  };
}
