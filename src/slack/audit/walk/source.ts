import type { Page, Seconds, Source } from "../../../model.ts";
import type { Random } from "../../../runtime/random.ts";
import { EARLIEST_DATE } from "../entry.ts";
import { createFetchPage, type FetchPageOptions } from "./fetch-page.ts";
import { createFutureHold } from "./future-hold.ts";
import { type Position, positionAt, positionFromJson, positionToJson } from "./position.ts";
import { createReportOddEntries } from "./report-odd-entries.ts";
import { CLOCK_SKEW, createSlackTime, type SlackTimeEstimate } from "./slack-time.ts";
import { type WalkOptions, walkWindow } from "./walk.ts";
import { moveBack, nextWindow } from "./window.ts";

/** The options of an audit source. */
export interface AuditSourceOptions
  extends Omit<WalkOptions, "fetchPage" | "slackTime" | "reportOddEntries">,
    Pick<FetchPageOptions, "client" | "authorization" | "openPage" | "resourceOf" | "tokenRemedy"> {
  /** The first second to read: a time, or how long before Slack's now. */
  readonly startAt: { readonly at: Seconds } | { readonly secondsBack: Seconds };
  readonly pollIntervalMs: number;
  /** The time between two attempts while a person must act. */
  readonly probeMs: number;
  readonly random: Random;
  /** Frees unused buffers. Called before each wait for the next poll. */
  readonly trim: () => void;
}

/** The pause after Slack interrupts a window of one second. The rate limit is shared with other apps. */
const PAUSE_WHEN_STUCK_MS = 30_000;
/** Requests for the time, one after the other, while the answers disagree. */
const MAX_TIME_REQUESTS = 4;
/** The time between two such series. */
const TIME_REQUESTS_EVERY_MS = 15_000;
/** A poll ends after Slack has called so many windows the future. */
const MAX_FUTURE_WINDOWS = 3;

/** Creates the source of one organisation's audit log. Each poll reads window after window up to Slack's now. */
export function createAuditSource(options: AuditSourceOptions): Source {
  const { source, clock, random, report, startAt, limits, probeMs, pollIntervalMs } = options;
  const slackTime = createSlackTime({ source, clock, report });
  const fetchPage = createFetchPage({
    client: options.client,
    authorization: options.authorization,
    openPage: options.openPage,
    resourceOf: options.resourceOf,
    tokenRemedy: options.tokenRemedy,
    retryPolicy: { source, clock, random, report, probeMs },
    observeDate: slackTime.observeDate,
  });
  const walkOptions: WalkOptions = {
    source,
    fetchPage,
    pageSize: options.pageSize,
    limits,
    slackTime,
    reportOddEntries: createReportOddEntries(source, report),
    wants: options.wants,
    clock,
    report,
  };
  const futureHold = createFutureHold({ source, clock, report, probeMs: pollIntervalMs });
  let nextTimeRequestsMs = Number.NEGATIVE_INFINITY;

  return {
    name: source,
    async *pages(stored, signal) {
      try {
        let position = stored === undefined ? undefined : positionFromJson(stored);
        for (;;) {
          const startedMs = clock.monotonic();
          await learnTime(position, signal);
          const start: Position | undefined = position ?? firstPosition();
          if (start) {
            // Saved before anything is read: a crash before the first entry must not move the start.
            if (!position) yield { records: [], next: positionToJson(start) };
            position = yield* readToNow(start, signal);
          }
          options.trim();
          await clock.sleep(pollIntervalMs - (clock.monotonic() - startedMs), signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };

  /** The first position; undefined while the time at Slack is unknown, because a guess may be years off. */
  function firstPosition(): Position | undefined {
    const now = slackTime.startTime();
    if (now === undefined) return undefined;
    const position = positionAt(Math.max(EARLIEST_DATE, "at" in startAt ? startAt.at : now - startAt.secondsBack));
    report({ event: "collection_starts", source, at: position.through + 1 });
    return position;
  }

  /** Reads window after window up to Slack's now. It sends at least one request, which tells Slack's time. */
  async function* readToNow(start: Position, signal: AbortSignal): AsyncGenerator<Page, Position, void> {
    let position = start;
    let hasFetched = false;
    let quietAfter: Seconds | undefined;
    let futureWindows = 0;
    for (;;) {
      const estimate = slackTime.estimate();
      position = correctFuture(position, estimate);
      const { now = 0, latest, certain, isConfirmed } = estimate;
      // Only one clock says that this much time has passed. It may be wrong.
      const isUnconfirmedBacklog = !isConfirmed && now - position.through > limits.maxWindow - limits.lookback;
      const bounds =
        latest === undefined ? undefined : { latest, certain, ...(isUnconfirmedBacklog && { quietAfter }) };
      const window = bounds && nextWindow(position, limits, bounds);
      if (!window || (isUnconfirmedBacklog && !hasFetched)) {
        if (hasFetched) return position;
        quietAfter = await fetchNewestDate(position, signal);
        hasFetched = true;
        continue;
      }
      hasFetched = true;
      const { through, windowSeconds }: Position = position;
      const walked = yield* walkWindow(window, position, walkOptions, signal);
      position = walked.position;
      if (walked.end === "future") {
        slackTime.markFuture(window.to);
        if (++futureWindows >= MAX_FUTURE_WINDOWS) return position;
        await learnTime(position, signal);
        continue;
      }
      // Everything up to this poll's now is read, or the last answer's time is before the window.
      if (walked.end === "complete" && (window.to >= window.chosenAt || position.through === through)) return position;
      const isStuck = position.through === through && position.windowSeconds === windowSeconds;
      if (isStuck) await clock.sleep(PAUSE_WHEN_STUCK_MS, signal);
    }
  }

  /** Moves a position that is ahead of Slack's clock back, but not before `finalThrough`, and reports a hold if that is ahead too. */
  function correctFuture(position: Position, { now, latest = 0, isDoubted }: SlackTimeEstimate): Position {
    if (now === undefined || isDoubted) return position;
    futureHold.check(position, latest);
    if (position.through <= latest + CLOCK_SKEW || position.through === position.finalThrough) return position;
    const moved = moveBack(position, latest);
    report({ event: "position_corrected", source, from: position.through, to: moved.through });
    return moved;
  }

  /** Requests Slack's time while it is unknown, tells no start, or the answers disagree. */
  async function learnTime(position: Position | undefined, signal: AbortSignal): Promise<void> {
    const tellsNoStart = position === undefined && slackTime.startTime() === undefined;
    if (slackTime.estimate().now === undefined || tellsNoStart) await fetchNewestDate(position, signal);
    if (!slackTime.estimate().isDoubted || clock.monotonic() < nextTimeRequestsMs) return;
    nextTimeRequestsMs = clock.monotonic() + TIME_REQUESTS_EVERY_MS;
    for (let requests = 0; requests < MAX_TIME_REQUESTS && slackTime.estimate().isDoubted; requests++) {
      await fetchNewestDate(position, signal);
    }
  }

  /**
   * Sends the smallest request, which also tells Slack's time and proves the token. Returns the date of the newest entry, 0 where the
   * log is empty, or undefined where the answer has neither.
   */
  async function fetchNewestDate(position: Position | undefined, signal: AbortSignal): Promise<Seconds | undefined> {
    const result = await fetchPage({ limit: 1 }, position?.organisation, signal);
    if (result.status !== "ok") return undefined;
    const { entries, nextCursor, release } = result.value;
    const [newest] = entries;
    if (newest?.date !== undefined) slackTime.observeNewest(newest.date);
    release();
    return newest || nextCursor !== undefined ? newest?.date : 0;
  }
}
