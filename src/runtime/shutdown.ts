import type { EventEmitter } from "node:events";
import type { Report } from "../events.ts";
import type { Clock } from "./clock.ts";

/** The two stages of an end: start nothing new; then let go of what is in flight. */
export interface Shutdown {
  readonly stopping: AbortSignal;
  readonly hardStop: AbortSignal;
  /** Begins the end, as a signal would. */
  stop(why: string): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Ties a process's signals to an end in two stages. The first signal aborts `stopping`, and `hardStop` follows when the grace
 * is over; the second signal calls `exitNow`.
 */
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
