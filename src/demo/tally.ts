import type { Report } from "../runtime/events.ts";

/** Counts what the demonstration made against what arrived. */
export interface Tally {
  made(id: string, atMs: number): void;
  arrived(uid: string): void;
  readonly report: Report;
  summary(): { made: number; delivered: number; waiting: number; lost: number; duplicated: number };
}

/** A window is chosen by Slack's clock, whose header tells whole seconds. */
const CLOCK_STEP_MS = 1_000;

/**
 * An entry is lost when a window that was chosen after it was made is delivered, and the entry is not. Before that it is
 * still waiting at Slack: the next run would bring it. Without a receiver of ours, `delivered` is what the daemon says.
 */
export function createTally({ now, sees }: { now: () => number; sees: boolean }): Tally {
  const madeAt = new Map<string, number>();
  const arrivals = new Map<string, number>();
  let reported = 0;
  let askedUpTo = 0;
  return {
    made: (id, atMs) => madeAt.set(id, atMs),
    arrived: (uid) => arrivals.set(uid, (arrivals.get(uid) ?? 0) + 1),
    report(event) {
      if (event.event !== "window_delivered") return;
      reported += event.delivered;
      if (!event.catching_up) askedUpTo = now() - event.duration_ms - 2 * CLOCK_STEP_MS;
    },
    summary() {
      const delivered = sees ? arrivals.size : reported;
      const due = [...madeAt].filter(([, atMs]) => atMs <= askedUpTo);
      const lost = sees ? due.filter(([id]) => !arrivals.has(id)).length : Math.max(0, due.length - reported);
      const duplicated = [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
      return { made: madeAt.size, delivered, waiting: madeAt.size - delivered - lost, lost, duplicated };
    },
  };
}
