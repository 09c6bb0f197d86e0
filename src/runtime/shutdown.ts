import type { EventEmitter } from "node:events";
import type { Report } from "../events.ts";
import type { Clock } from "./clock.ts";

/** Ends a process in two stages: `stopping` starts nothing new, `hardStop` abandons work in flight. */
export interface Shutdown {
  readonly stopping: AbortSignal;
  readonly hardStop: AbortSignal;
  /** Begins the shutdown, as a signal would. */
  stop(why: string): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Creates a shutdown. The first signal aborts `stopping`, and `hardStop` after the grace; the second calls `exitNow`. */
export function createShutdown(
  signals: Pick<EventEmitter, "on">,
  options: { graceMs: number; clock: Clock; report: Report; exitNow: () => void },
): Shutdown {
  const stopping = new AbortController();
  const hardStop = new AbortController();
  const stop = (why: string) => {
    if (stopping.signal.aborted) return;
    options.report({ event: "stopping", why, grace_ms: options.graceMs });
    stopping.abort(new DOMException(`Stopping: ${why}`, "AbortError"));
    const grace = options.clock.deadline(options.graceMs);
    grace.addEventListener("abort", () => hardStop.abort(new DOMException("The grace is over", "AbortError")));
  };
  for (const name of SIGNALS) {
    signals.on(name, () => {
      if (stopping.signal.aborted) options.exitNow();
      else stop(name);
    });
  }
  return { stopping: stopping.signal, hardStop: hardStop.signal, stop };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
