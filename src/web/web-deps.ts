import type { Report } from "../events.ts";
import type { StatusSnapshot } from "../model.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Hosts } from "./hosts.ts";
import type { SetupPort } from "./setup-port.ts";

/** The data and actions behind the pages. */
export interface WebDeps {
  readonly clock: Clock;
  readonly report: Report;
  readonly status: () => StatusSnapshot;
  /** Returns the metrics in Prometheus text format 0.0.4. */
  readonly metrics: () => Promise<string>;
  /** The sources that are authorized through this server. */
  readonly setups: readonly SetupPort[];
}

/** The routes of a listener. `health` includes the metrics; `pages` has every route except the metrics. */
export type Serves = "all" | "pages" | "health";

/** The server that a route belongs to. */
export interface ServerContext {
  /** Aborts when the server closes. */
  readonly signal: AbortSignal;
  readonly hosts: Hosts;
  readonly serves: Serves;
}
