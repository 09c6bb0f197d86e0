import { seededRandom } from "../../../src/demo/seeded-random.ts";
import type { Event } from "../../../src/events.ts";
import type { Deliver } from "../../../src/model.ts";
import type { DeadLetters } from "../../../src/otlp/export/dead-letters.ts";
import { createDeliver, type DeliverOptions } from "../../../src/otlp/export/deliver.ts";
import type { ExportOutcome } from "../../../src/otlp/export/outcome.ts";
import type { Send } from "../../../src/otlp/export/send.ts";
import { type Clock, systemClock } from "../../../src/runtime/clock.ts";
import { uidOf } from "../encoding/records.ts";

export const OK = { status: "ok", value: {} } as const;
export const BUSY = { status: "retry", why: "busy" } as const;
export const CLOSED = { status: "hold", why: "closed", remedy: "open it" } as const;
export const FAILS = { status: "hold", why: "fails", remedy: "mend it", doubt: "failed" } as const;
export const UNREADABLE = { status: "hold", why: "nonsense", remedy: "mend it", doubt: "unreadable" } as const;
export const LATE = { status: "retry", why: "late", doubt: "late" } as const;
export const UNANSWERED = { status: "retry", why: "no answer", doubt: "unanswered" } as const;
export const BROKEN = { status: "retry", why: "broken", doubt: "broken" } as const;
export const REFUSED = { status: "refused", refusal: { kind: "records", why: "bad" } } as const;
export const partial = (rejected: number, message = ""): ExportOutcome => ({
  status: "refused",
  refusal: { kind: "partial", rejected, message },
});

/** What a collector says to a request with these uids. */
export type Judge = (uids: readonly string[], index: number) => ExportOutcome | Promise<ExportOutcome>;

export interface Delivering {
  readonly deliver: Deliver;
  /** Swap it to mend or to break the collector. */
  judge: Judge;
  /** What it says to an empty request; by default it acknowledges. */
  judgeEmpty: () => ExportOutcome;
  /** How many empty requests there were. */
  empties: number;
  /** Whether the destination has ever acknowledged a record: by default it has. */
  acknowledged: boolean;
  /** The requests with records. */
  readonly requests: (readonly string[])[];
  readonly delivered: string[];
  readonly aside: { uids: string[]; why: string }[];
  readonly events: Event[];
  /** All waits so far, none of which took time. */
  readonly waits: number[];
  /** The most requests that were in flight at once. */
  mostInFlight(): number;
  /** Called on each wait, before it is over. */
  onWait: () => void;
  /** Called before dead letters are written; an outcome stands in for the writing. */
  onSetAside: () => Awaited<ReturnType<DeadLetters["write"]>> | undefined;
}

/** Delivery to a collector and to dead letters that are both in memory, on a clock that jumps over every wait. */
export function createDelivering(judge: Judge, options: Partial<DeliverOptions> = {}): Delivering {
  let inFlight = 0;
  let most = 0;
  const send: Send = async (records) => {
    if (records.length === 0) {
      self.empties++;
      return self.judgeEmpty();
    }
    const uids = records.map(uidOf);
    const index = self.requests.push(uids) - 1;
    most = Math.max(most, ++inFlight);
    // A turn of the event loop, so that all requests of a round are in flight before the first answer.
    await new Promise((resolve) => setImmediate(resolve));
    const outcome = await self.judge(uids, index);
    inFlight--;
    if (outcome.status === "ok") self.delivered.push(...uids);
    return outcome;
  };
  const clock: Clock = {
    ...systemClock,
    async sleep(ms, signal) {
      self.waits.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      self.onWait();
      signal.throwIfAborted();
    },
  };
  const write: DeadLetters["write"] = async (_source, records, why) => {
    const instead = self.onSetAside();
    if (instead) return instead;
    self.aside.push({ uids: records.map(uidOf), why });
    return { status: "ok", value: `file ${self.aside.length}` };
  };
  const report = (event: Event) => void self.events.push(event);
  const self: Delivering = {
    judge,
    judgeEmpty: () => OK,
    empties: 0,
    acknowledged: true,
    requests: [],
    delivered: [],
    aside: [],
    events: [],
    waits: [],
    mostInFlight: () => most,
    onWait: () => {},
    onSetAside: () => undefined,
    deliver: createDeliver({
      source: "acme",
      send,
      destination: {
        hasAcknowledged: () => self.acknowledged,
        async acknowledge() {
          self.acknowledged = true;
        },
      },
      batches: { maxRecords: 1_000, maxBytes: 1e9 },
      concurrency: 1,
      deadLetters: { write } as DeadLetters,
      retryPolicy: { source: "acme", clock, random: seededRandom(1), report, probeMs: 60_000 },
      ...options,
    }),
  };
  return self;
}

/** A collector that refuses every request with one of these. */
export function refuseAll(bad: Iterable<string>): Judge {
  const refused = new Set(bad);
  return (uids) => (uids.some((uid) => refused.has(uid)) ? REFUSED : OK);
}

/** The uids that were set aside. */
export function asideOf({ aside }: Delivering): string[] {
  return aside.flatMap(({ uids }) => uids);
}
