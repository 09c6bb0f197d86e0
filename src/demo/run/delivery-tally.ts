import type { Report } from "../../events.ts";

/** Compares the entries that were made with the records that were delivered. */
export interface DeliveryTally {
  countEntry(id: string, atMs: number): void;
  countRecord(uid: string): void;
  /** Reads the receiver's events. */
  readonly report: Report;
  /** `made` is the sum of `delivered`, `waiting` and `lost`. */
  summary(): { made: number; delivered: number; waiting: number; lost: number; duplicated: number };
}

/** The resolution of the `Date` header, which bounds a window. */
const CLOCK_STEP_MS = 1_000;

/**
 * An entry counts as lost if the receiver has delivered a later window without it. Until then it counts as waiting.
 * `seesRecords` says whether `countRecord` is called for every record; if not, `delivered` comes from the receiver's events.
 */
export function createDeliveryTally({ now, seesRecords }: { now: () => number; seesRecords: boolean }): DeliveryTally {
  const madeAt = new Map<string, number>();
  const arrivals = new Map<string, number>();
  let reported = 0;
  let deliveredUpTo = 0;
  return {
    countEntry: (id, atMs) => madeAt.set(id, atMs),
    countRecord: (uid) => arrivals.set(uid, (arrivals.get(uid) ?? 0) + 1),
    report(event) {
      if (event.event !== "window_delivered") return;
      reported += event.delivered;
      if (!event.catching_up) deliveredUpTo = now() - event.duration_ms - 2 * CLOCK_STEP_MS;
    },
    summary() {
      const delivered = seesRecords ? arrivals.size : reported;
      const due = [...madeAt].filter(([, atMs]) => atMs <= deliveredUpTo);
      const lost = seesRecords ? due.filter(([id]) => !arrivals.has(id)).length : Math.max(0, due.length - reported);
      const duplicated = [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
      return { made: madeAt.size, delivered, waiting: madeAt.size - delivered - lost, lost, duplicated };
    },
  };
}
