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

/** A collector's outcome for a request with these uids. */
export type Respond = (uids: readonly string[], index: number) => ExportOutcome | Promise<ExportOutcome>;

export interface Delivering {
  readonly deliver: Deliver;
  /** The outcome of each request. A test replaces it to end or to start a failure. */
  respond: Respond;
  /** The outcome of an empty request. By default an acknowledgement. */
  respondToEmpty: () => ExportOutcome;
  /** The number of empty requests so far. */
  empties: number;
  /** The destination has acknowledged a record. True by default. */
  acknowledged: boolean;
  /** The requests with records. */
  readonly requests: (readonly string[])[];
  readonly delivered: string[];
  readonly aside: { uids: string[]; why: string }[];
  readonly events: Event[];
  /** All waits so far, in milliseconds. None of them takes time. */
  readonly waits: number[];
  /** Returns the largest number of requests in flight at once. */
  mostInFlight(): number;
  /** Called during each wait. */
  onWait: () => void;
  /** Called before dead letters are written. An outcome replaces the write. */
  onSetAside: () => Awaited<ReturnType<DeadLetters["write"]>> | undefined;
}

/** Creates a delivery to a collector and dead letters in memory, with a clock whose waits take no time. */
export function createDelivering(respond: Respond, options: Partial<DeliverOptions> = {}): Delivering {
  let inFlight = 0;
  let most = 0;
  const send: Send = async (records) => {
    if (records.length === 0) {
      self.empties++;
      return self.respondToEmpty();
    }
    const uids = records.map(uidOf);
    const index = self.requests.push(uids) - 1;
    most = Math.max(most, ++inFlight);
    // One turn of the event loop: all requests of a round are in flight before the first answer.
    await new Promise((resolve) => setImmediate(resolve));
    const outcome = await self.respond(uids, index);
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
    respond,
    respondToEmpty: () => OK,
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

/** Refuses each request that contains one of these uids. */
export function refuseAll(bad: Iterable<string>): Respond {
  const refused = new Set(bad);
  return (uids) => (uids.some((uid) => refused.has(uid)) ? REFUSED : OK);
}

/** Returns the uids that were set aside. */
export function asideOf({ aside }: Delivering): string[] {
  return aside.flatMap(({ uids }) => uids);
}
