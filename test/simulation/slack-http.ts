import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Http, HttpResponse } from "../../src/runtime/http.ts";
import type { Incarnation } from "./incarnation.ts";
import { outageAt } from "./outages.ts";
import type { PageAhead } from "./page-ahead.ts";
import type { Schedule } from "./schedule.ts";
import { drawSlackFault } from "./slack-faults.ts";
import type { PageQuery, SlackWorld } from "./slack-world.ts";
import type { Tally } from "./tally.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

export interface SlackHttpOptions {
  readonly slack: SlackWorld;
  readonly schedule: Schedule;
  readonly timeline: Timeline;
  readonly incarnation: Incarnation;
  readonly dice: RandomValues;
  readonly dateError: (nowMs: number) => number;
  readonly verdict: Verdict;
  readonly tally: Tally;
  readonly pageAhead: PageAhead;
  /** Told of each time before which Slack wants no other request. */
  readonly troubleUntil: (ms: number) => void;
}

const MINUTE_MS = 60_000;

/** The way of one process to Slack: it takes time, it fails, and Slack counts the requests. */
export function createSlackHttp(options: SlackHttpOptions): Http {
  const { slack, schedule, timeline, incarnation, dice, verdict, tally } = options;
  const { requestsPerMinute } = schedule.settings;
  const sentMs: number[] = [];
  let notBeforeMs = Number.NEGATIVE_INFINITY;

  return {
    send: (url, _request, signal) =>
      incarnation.perform(() => {
        signal.throwIfAborted();
        const query = readQuery(url);
        countRequest(query);
        incarnation.pass(dice.integer(5, 400), signal);
        const answer = answerTo(query);
        incarnation.pass(answer === "hangs" ? 2 * MINUTE_MS : dice.integer(5, 400), signal);
        signal.throwIfAborted();
        if (answer === "hangs") throw new DOMException("No answer", "TimeoutError");
        if (answer === "resets") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        return answer;
      }),
    close: async () => {},
  };

  function countRequest({ cursor }: PageQuery): void {
    const nowMs = timeline.now();
    tally.requests++;
    if (cursor === undefined) tally.firstPages++;
    // One may have been granted long before it is sent: while an act takes its time here, nothing else goes on.
    const most = requestsPerMinute + 1;
    const first = sentMs.at(-most);
    if (first !== undefined && first > nowMs - MINUTE_MS) {
      verdict.fail("requests stay within the budget", `${most + 1} in ${nowMs - first} ms`);
    }
    if (nowMs < notBeforeMs) verdict.fail("Retry-After is waited for", `${notBeforeMs - nowMs} ms too early`);
    sentMs.push(nowMs);
  }

  function answerTo(query: PageQuery): HttpResponse | "hangs" | "resets" {
    const nowMs = timeline.now();
    const dateless = dice.chance(schedule.slack.datelessShare);
    const errorMs = options.dateError(nowMs);
    if (errorMs !== 0 && !dateless) tally.wrongDates++;
    const date = dateless ? {} : { date: new Date(nowMs + errorMs).toUTCString() };
    const page = slack.page(query, nowMs);
    const good =
      typeof page === "string"
        ? { status: 400, headers: date, body: Buffer.from(JSON.stringify({ ok: false, error: page })) }
        : { status: 200, headers: date, body: writePage(page) };
    const outage = outageAt(schedule.slack.outages, nowMs);
    if (outage) return { status: 200, headers: date, body: Buffer.from(JSON.stringify({ ok: false, error: outage })) };
    if (nowMs >= schedule.faultsEndMs || !dice.chance(schedule.slack.faultShare)) {
      if (typeof page !== "string") options.pageAhead.given();
      return good;
    }
    const { answer, afterMs } = drawSlackFault(
      good,
      { nowMs, hasCursor: query.cursor !== undefined, isDateRight: !dateless && errorMs === 0 },
      dice,
    );
    if (afterMs !== undefined) {
      notBeforeMs = nowMs + afterMs;
      options.troubleUntil(notBeforeMs);
    }
    return answer;
  }
}

function writePage({ entries, nextCursor }: { entries: readonly { text: string }[]; nextCursor: string }): Buffer {
  const next = JSON.stringify(nextCursor);
  return Buffer.from(
    `{"entries":[${entries.map(({ text }) => text).join(",")}],"response_metadata":{"next_cursor":${next}}}`,
  );
}

function readQuery(url: string): PageQuery {
  const { searchParams } = new URL(url);
  const number = (name: string) => (searchParams.has(name) ? Number(searchParams.get(name)) : undefined);
  return {
    oldest: number("oldest"),
    latest: number("latest"),
    limit: number("limit") ?? 1_000,
    cursor: searchParams.get("cursor") ?? undefined,
  };
}
