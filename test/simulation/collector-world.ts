import type { RandomValues } from "../../src/demo/random-values.ts";
import { decodeProtobuf } from "../../src/demo/sink/protobuf.ts";
import type { HttpResponse } from "../../src/runtime/http.ts";
import type { SimulatedEntry } from "./entries.ts";
import { outageAt } from "./outages.ts";
import { drawRetryAfter } from "./retry-after.ts";
import type { Schedule } from "./schedule.ts";
import type { Tally } from "./tally.ts";

/** The collector's response to a request; no answer if it hangs or the answer is lost. */
export interface Handled {
  readonly answer: HttpResponse | undefined;
  /** The connection breaks instead. */
  readonly breaks?: true;
  /** The extra time of a slow answer. */
  readonly slowMs?: number;
  /** One of these is called: when the slow answer arrives, or when the client gave up before. */
  readonly arrived?: () => void;
  readonly lost?: () => void;
  /** The wait that its `Retry-After` demands. */
  readonly afterMs?: number;
}

/** The collector, which outlives the processes, and what they ever sent it. */
export interface CollectorWorld {
  /** How often it took each record. */
  readonly taken: ReadonlyMap<string, number>;
  /** Records that it acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** Records that it may or may not have taken: its answer did not tell. */
  readonly doubtful: ReadonlySet<string>;
  /** Records of requests that were a partial success. */
  readonly partly: ReadonlySet<string>;
  /** How many records were in requests whose answer was lost. */
  readonly lostRecords: number;
  handle(request: Uint8Array, nowMs: number): Handled;
}

export interface CollectorWorldOptions {
  readonly schedule: Schedule;
  readonly dice: RandomValues;
  readonly tally: Tally;
}

export function createCollectorWorld({ schedule, dice, tally }: CollectorWorldOptions): CollectorWorld {
  const { maxRecords, breaksAbove, slowMs, faultShare, outages } = schedule.collector;
  const entries = new Map(schedule.sources.flatMap(({ entries }) => entries).map((entry) => [entry.id, entry]));
  const taken = new Map<string, number>();
  const acknowledged = new Set<string>();
  const doubtful = new Set<string>();
  const partly = new Set<string>();
  const failures = new Map<string, number>();
  /** Records of requests that a record at fault made the collector fail on. */
  const besideFailure = new Set<string>();
  let lostRecords = 0;
  const take = (ids: readonly string[]) => {
    for (const id of ids) taken.set(id, (taken.get(id) ?? 0) + 1);
  };

  return {
    taken,
    acknowledged,
    doubtful,
    partly,
    get lostRecords() {
      return lostRecords;
    },
    handle(request, nowMs) {
      tally.exports++;
      const ids = idsIn(request);
      const outage = outageAt(outages, nowMs);
      if (outage === "nonsense" || outage === "foreign") {
        if (ids.length > 0) return answerBadly(outage === "nonsense", ids);
      } else if (outage) return { answer: outage === "html" ? LOGIN_PAGE : text(outage, "outage") };
      if (ids.length > breaksAbove) return { answer: undefined, breaks: true };
      if (ids.length > maxRecords) return { answer: text(413, "too large") };
      const poison = ids.map((id) => entries.get(id)).find(isPoison)?.poison;
      if (poison === 500) for (const id of ids) besideFailure.add(id);
      if (poison) return { answer: text(poison, "bad record") };
      if (nowMs < schedule.faultsEndMs && dice.chance(faultShare)) return fail(ids, nowMs);
      take(ids);
      if (slowMs > 0 && ids.length > 0 && nowMs < schedule.faultsEndMs) {
        return {
          answer: ACKNOWLEDGED,
          slowMs,
          arrived: () => {
            for (const id of ids) acknowledged.add(id);
          },
          lost: () => {
            failed(ids);
            lostRecords += ids.length;
          },
        };
      }
      for (const id of ids) acknowledged.add(id);
      return { answer: dice.chance(0.5) ? ACKNOWLEDGED : { ...ACKNOWLEDGED, body: Buffer.from("{}") } };
    },
  };

  /** A record looks at fault when it failed three times, or twice alone, or once alone after it stood beside one at fault. */
  function failed(ids: readonly string[]): void {
    for (const id of ids) {
      const points = (failures.get(id) ?? 0) + (ids.length === 1 ? 3 : 2);
      failures.set(id, points);
      if (points >= 6 || (ids.length === 1 && besideFailure.has(id))) doubtful.add(id);
    }
  }

  /** Answers with no OTLP response, after it stored the records or not. */
  function answerBadly(stores: boolean, ids: readonly string[]): Handled {
    if (stores) {
      take(ids);
      lostRecords += ids.length;
    }
    for (const id of ids) doubtful.add(id);
    return { answer: { ...ACKNOWLEDGED, body: Buffer.from(dice.pick(NONSENSE)) } };
  }

  function fail(ids: readonly string[], nowMs: number): Handled {
    switch (dice.pick(FAULTS)) {
      case "takes, and the answer is lost":
        failed(ids);
        take(ids);
        tally.lostAnswers++;
        lostRecords += ids.length;
        return { answer: undefined };
      case "hangs":
        failed(ids);
        return { answer: undefined };
      case "breaks":
        failed(ids);
        return { answer: undefined, breaks: true };
      case "answers nonsense":
        return answerBadly(dice.chance(0.5), ids);
      case "busy": {
        const { header, afterMs } = drawRetryAfter(true, nowMs, dice);
        const headers = { date: new Date(nowMs).toUTCString(), ...(header && { "retry-after": header }) };
        const answer = { status: dice.pick([429, 503]), headers, body: Buffer.alloc(0) };
        return { answer, ...(afterMs !== undefined && { afterMs }) };
      }
      case "partial success": {
        if (ids.length === 0) return { answer: ACKNOWLEDGED };
        const rejected = dice.integer(1, ids.length);
        take(ids.slice(rejected));
        for (const id of ids) doubtful.add(id);
        if (rejected < ids.length) for (const id of ids) partly.add(id);
        const body = JSON.stringify({ partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: "no" } });
        return { answer: { ...ACKNOWLEDGED, body: Buffer.from(body) } };
      }
      case "login page":
        failed(ids);
        return { answer: LOGIN_PAGE };
    }
  }
}

/** The ids of the records in a request. An id with another entry's body or another source's resource belongs to no entry. */
function idsIn(request: Uint8Array): string[] {
  return decodeProtobuf(request).map(({ uid, body, resource }) => {
    if (!String(body).includes(JSON.stringify(uid))) return `${uid} with the body of another entry`;
    const source = String(resource["slack.audit.source"]);
    return uid.startsWith(`${source}-`) ? uid : `${uid} with the resource of ${source}`;
  });
}

const FAULTS = [
  "takes, and the answer is lost",
  "takes, and the answer is lost",
  "hangs",
  "breaks",
  "answers nonsense",
  "busy",
  "partial success",
  "login page",
] as const;

const JSON_TYPE = { "content-type": "application/json" };
const ACKNOWLEDGED: HttpResponse = { status: 200, headers: JSON_TYPE, body: Buffer.alloc(0) };
const NONSENSE = [
  "OK",
  '{"errorMessage":"Task timed out after 3.00 seconds"}',
  "null",
  "\n\u0001",
  '{"partialSuccess":{"re',
];
const LOGIN_PAGE: HttpResponse = {
  status: 200,
  headers: { "content-type": "text/html" },
  body: Buffer.from("<!doctype html><title>Sign in</title>"),
};

function text(status: number, body: string): HttpResponse {
  return { status, headers: { "content-type": "text/plain" }, body: Buffer.from(body) };
}

function isPoison(entry: SimulatedEntry | undefined): boolean {
  return entry?.poison !== undefined;
}
