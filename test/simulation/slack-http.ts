import type { RandomValues } from "../../src/demo/random-values.ts";
import type { Http, HttpRequest, HttpResponse } from "../../src/runtime/http.ts";
import { organisationIdOf, tokenOf } from "./config.ts";
import type { Incarnation } from "./incarnation.ts";
import { outageAt } from "./outages.ts";
import type { Schedule } from "./schedule.ts";
import { drawSlackFault } from "./slack-faults.ts";
import type { PageQuery } from "./slack-world.ts";
import type { Tally } from "./tally.ts";
import type { Timeline } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";
import type { SourceWorld } from "./world.ts";

export interface SlackHttpOptions {
  readonly sources: readonly SourceWorld[];
  readonly schedule: Pick<Schedule, "faultsEndMs">;
  readonly timeline: Timeline;
  readonly incarnation: Incarnation;
  readonly dice: RandomValues;
  readonly verdict: Verdict;
  readonly tally: Tally;
  /** Called with the source that Slack gives a page to. */
  readonly given: (source: string) => void;
  /** Called with each time before which Slack wants no other request. */
  readonly troubleUntil: (ms: number) => void;
}

const MINUTE_MS = 60_000;

/** The connection of one process to Slack. The host of a request names the organisation. */
export function createSlackHttp(options: SlackHttpOptions): Http {
  const organisations = new Map(
    options.sources.map((source) => [`${source.name}.slack.test`, createOrganisationHttp(source, options)]),
  );
  return {
    async send(url, request, signal) {
      const organisation = organisations.get(new URL(url).host);
      if (!organisation) throw new TypeError(`Cannot send a request: no organisation has the address ${url}`);
      return organisation(url, request, signal);
    },
    close: async () => {},
  };
}

/** The requests to one organisation: they take time, they fail, and Slack counts them. */
function createOrganisationHttp(source: SourceWorld, options: SlackHttpOptions): Http["send"] {
  const { timeline, incarnation, dice, verdict, tally } = options;
  const { slack } = source;
  const { settings, slack: traits } = source.schedule;
  const sentMs: number[] = [];
  let notBeforeMs = Number.NEGATIVE_INFINITY;

  return (url, request, signal) =>
    incarnation.perform(() => {
      signal.throwIfAborted();
      const query = new URL(url).pathname === "/api/auth.test" ? undefined : readQuery(url);
      if (request.headers?.authorization !== `Bearer ${tokenOf(source.name)}`) {
        verdict.fail("an organisation is asked with its own token", source.name);
      }
      if (query) countRequest();
      incarnation.pass(dice.integer(5, 400), signal);
      const answer = query ? answerLogs(query) : answerAuthTest();
      incarnation.pass(answer === "hangs" ? 2 * MINUTE_MS : dice.integer(5, 400), signal);
      signal.throwIfAborted();
      if (answer === "hangs") throw new DOMException("No answer", "TimeoutError");
      if (answer === "resets") throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return pooled(answer, request);
    });

  function countRequest(): void {
    const nowMs = timeline.now();
    tally.requests++;
    // One may have been granted long before it is sent: while an act takes its time here, nothing else goes on.
    const most = settings.requestsPerMinute + 1;
    const first = sentMs.at(-most);
    if (first !== undefined && first > nowMs - MINUTE_MS) {
      verdict.fail("requests stay within the budget", `${most + 1} in ${nowMs - first} ms`);
    }
    if (nowMs < notBeforeMs) verdict.fail("Retry-After is waited for", `${notBeforeMs - nowMs} ms too early`);
    sentMs.push(nowMs);
  }

  function answerLogs(query: PageQuery): HttpResponse | "hangs" | "resets" {
    const nowMs = timeline.now();
    const dateless = dice.chance(traits.datelessShare);
    const errorMs = source.dateError(nowMs);
    if (errorMs !== 0 && !dateless) tally.wrongDates++;
    const headers = dateless ? {} : { date: new Date(nowMs + errorMs).toUTCString() };
    const page = slack.page(query, nowMs);
    const good =
      typeof page === "string" ? jsonAnswer({ ok: false, error: page }, { status: 400, headers }) : writePage(page);
    const outage = outageAt(traits.outages, nowMs);
    if (outage) return jsonAnswer({ ok: false, error: outage }, { headers });
    if (!isFaulty()) {
      if (typeof page !== "string") options.given(source.name);
      return { ...good, headers };
    }
    const { answer, afterMs } = drawSlackFault(
      { ...good, headers },
      { nowMs, hasCursor: query.cursor !== undefined, isDateRight: !dateless && errorMs === 0 },
      dice,
    );
    if (afterMs !== undefined) {
      notBeforeMs = nowMs + afterMs;
      options.troubleUntil(notBeforeMs);
    }
    return answer;
  }

  function answerAuthTest(): HttpResponse | "hangs" | "resets" {
    const outage = outageAt(traits.outages, timeline.now());
    if (outage) return jsonAnswer({ ok: false, error: outage });
    if (isFaulty()) return dice.pick(["hangs", "resets", jsonAnswer({ ok: false, error: "fatal_error" })] as const);
    return jsonAnswer({ ok: true, enterprise_id: organisationIdOf(source.name), team: source.name });
  }

  function isFaulty(): boolean {
    return timeline.now() < options.schedule.faultsEndMs && dice.chance(traits.faultShare);
  }
}

function jsonAnswer(
  value: unknown,
  { status = 200, headers = {} }: Partial<Pick<HttpResponse, "status" | "headers">> = {},
): HttpResponse {
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}

function writePage({ entries, nextCursor }: { entries: readonly { text: string }[]; nextCursor: string }) {
  const next = JSON.stringify(nextCursor);
  const text = `{"entries":[${entries.map(({ text }) => text).join(",")}],"response_metadata":{"next_cursor":${next}}}`;
  return { status: 200, headers: {}, body: Buffer.from(text) };
}

/** The answer with its body in a buffer of the caller's pool, as the real client reads it. */
function pooled(answer: HttpResponse, { pool }: HttpRequest): HttpResponse {
  if (!pool) return answer;
  const buffer = pool.take(answer.body.length);
  answer.body.copy(buffer);
  return { ...answer, body: buffer.subarray(0, answer.body.length) };
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
